package dev.spillway.wire.chat;

/**
 * Where a value is in a body.
 *
 * @param from its first byte, from 0
 * @param to the byte after its last
 */
public record Span(int from, int to) {}
