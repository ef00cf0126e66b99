/** Tests of the program as a whole. */
@NullMarked
package dev.spillway.app;

import org.jspecify.annotations.NullMarked;
