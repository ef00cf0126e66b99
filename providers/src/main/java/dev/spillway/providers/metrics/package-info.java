/** Engines' own metrics: reading the Prometheus text format and summing replicas. */
@NullMarked
package dev.spillway.providers.metrics;

import org.jspecify.annotations.NullMarked;
