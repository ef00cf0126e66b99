/** JSON for tests, read by a library that the code under test does not use. */
@NullMarked
package dev.spillway.testkit.json;

import org.jspecify.annotations.NullMarked;
