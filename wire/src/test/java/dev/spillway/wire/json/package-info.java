/** Tests of {@code dev.spillway.wire.json}. */
@NullMarked
package dev.spillway.wire.json;

import org.jspecify.annotations.NullMarked;
