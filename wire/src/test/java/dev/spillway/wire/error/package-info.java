/** Tests of {@code dev.spillway.wire.error}. */
@NullMarked
package dev.spillway.wire.error;

import org.jspecify.annotations.NullMarked;
