/** Tests of {@code dev.spillway.providers.metrics}. */
@NullMarked
package dev.spillway.providers.metrics;

import org.jspecify.annotations.NullMarked;
