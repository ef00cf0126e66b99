/** Tests of {@code dev.spillway.providers.azure}. */
@NullMarked
package dev.spillway.providers.azure;

import org.jspecify.annotations.NullMarked;
