/** Whole answers made of streamed ones. */
@NullMarked
package dev.spillway.wire.aggregate;

import org.jspecify.annotations.NullMarked;
