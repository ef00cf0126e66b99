package dev.spillway.wire.json;

/**
 * One member of an object, by its place in the text.
 *
 * @param name its name, unescaped
 * @param from where its name begins, at the quote
 * @param value where its value is
 */
public record Member(String name, int from, Span value) {}
