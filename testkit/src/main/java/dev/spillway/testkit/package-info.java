/** What tests of every module share. */
@NullMarked
package dev.spillway.testkit;

import org.jspecify.annotations.NullMarked;
