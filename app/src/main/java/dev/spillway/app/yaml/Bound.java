package dev.spillway.app.yaml;

/**
 * A file as a record.
 *
 * @param value the record
 * @param places where each key stood, for what is found wrong later
 */
public record Bound<T>(T value, Places places) {}
