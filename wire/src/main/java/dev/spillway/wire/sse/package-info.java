/**
 * Server-sent events: framing, the facts of each event, and the repairs that make a stream strict.
 */
@NullMarked
package dev.spillway.wire.sse;

import org.jspecify.annotations.NullMarked;
