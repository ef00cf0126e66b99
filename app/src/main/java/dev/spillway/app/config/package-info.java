/** What {@code spillway.yaml} says: one record for each of its parts. */
@NullMarked
package dev.spillway.app.config;

import org.jspecify.annotations.NullMarked;
