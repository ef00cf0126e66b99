/** The server of llama.cpp. */
@NullMarked
package dev.spillway.providers.llamacpp;

import org.jspecify.annotations.NullMarked;
