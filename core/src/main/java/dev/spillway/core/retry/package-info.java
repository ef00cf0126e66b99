/** What a failed attempt means, and what follows it. */
@NullMarked
package dev.spillway.core.retry;

import org.jspecify.annotations.NullMarked;
