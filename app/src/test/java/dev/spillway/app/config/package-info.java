/** Tests of the package. */
@NullMarked
package dev.spillway.app.config;

import org.jspecify.annotations.NullMarked;
