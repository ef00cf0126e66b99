/** Tests of the package. */
@NullMarked
package dev.spillway.app.assembly;

import org.jspecify.annotations.NullMarked;
