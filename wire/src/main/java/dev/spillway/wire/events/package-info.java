/** Streams of the APIs that are not chat: what each event means, read once. */
@NullMarked
package dev.spillway.wire.events;

import org.jspecify.annotations.NullMarked;
