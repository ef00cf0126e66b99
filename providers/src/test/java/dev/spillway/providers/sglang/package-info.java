/** Tests of {@code dev.spillway.providers.sglang}. */
@NullMarked
package dev.spillway.providers.sglang;

import org.jspecify.annotations.NullMarked;
