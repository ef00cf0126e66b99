/** What is told of each request at its end. */
@NullMarked
package dev.spillway.gateway.telemetry;

import org.jspecify.annotations.NullMarked;
