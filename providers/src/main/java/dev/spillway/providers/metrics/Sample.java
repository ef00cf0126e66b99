package dev.spillway.providers.metrics;

/**
 * One line of a metrics page.
 *
 * @param name of the metric, without labels
 * @param value may be any double, NaN and the infinities included
 */
public record Sample(String name, double value) {}
