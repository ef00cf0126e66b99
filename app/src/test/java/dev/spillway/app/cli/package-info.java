/** Tests of the package. */
@NullMarked
package dev.spillway.app.cli;

import org.jspecify.annotations.NullMarked;
