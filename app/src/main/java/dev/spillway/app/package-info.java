/** The program: where everything meets. */
@NullMarked
package dev.spillway.app;

import org.jspecify.annotations.NullMarked;
