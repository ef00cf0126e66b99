/** Tests of {@code dev.spillway.providers.llamacpp}. */
@NullMarked
package dev.spillway.providers.llamacpp;

import org.jspecify.annotations.NullMarked;
