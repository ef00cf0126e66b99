/** Tests of {@code dev.spillway.providers.vllm}. */
@NullMarked
package dev.spillway.providers.vllm;

import org.jspecify.annotations.NullMarked;
