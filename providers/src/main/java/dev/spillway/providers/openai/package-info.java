/** Providers that speak the OpenAI API as it is documented. */
@NullMarked
package dev.spillway.providers.openai;

import org.jspecify.annotations.NullMarked;
