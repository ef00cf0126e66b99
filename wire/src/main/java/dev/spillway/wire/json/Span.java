package dev.spillway.wire.json;

/**
 * Where a value is in a text.
 *
 * @param from its first byte, from 0
 * @param to the byte after its last
 */
public record Span(int from, int to) {}
