/** Tests of buckets, seats and limits. */
@NullMarked
package dev.spillway.core.quota;

import org.jspecify.annotations.NullMarked;
