/** Tests of {@code dev.spillway.wire.sse}. */
@NullMarked
package dev.spillway.wire.sse;

import org.jspecify.annotations.NullMarked;
