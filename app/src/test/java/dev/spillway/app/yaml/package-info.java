/** Tests of the package. */
@NullMarked
package dev.spillway.app.yaml;

import org.jspecify.annotations.NullMarked;
