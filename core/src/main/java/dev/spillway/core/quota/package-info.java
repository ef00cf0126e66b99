/** How much a deployment can still take: buckets, seats and limits, and what was taken of them. */
@NullMarked
package dev.spillway.core.quota;

import org.jspecify.annotations.NullMarked;
