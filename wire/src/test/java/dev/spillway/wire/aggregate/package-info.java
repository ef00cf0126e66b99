/** Tests of {@code dev.spillway.wire.aggregate}. */
@NullMarked
package dev.spillway.wire.aggregate;

import org.jspecify.annotations.NullMarked;
