/** Tests of retries. */
@NullMarked
package dev.spillway.core.retry;

import org.jspecify.annotations.NullMarked;
