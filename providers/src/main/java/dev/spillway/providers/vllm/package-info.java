/** The vLLM engine. */
@NullMarked
package dev.spillway.providers.vllm;

import org.jspecify.annotations.NullMarked;
