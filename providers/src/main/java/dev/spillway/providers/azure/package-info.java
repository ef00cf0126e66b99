/** Azure OpenAI and Microsoft Foundry. */
@NullMarked
package dev.spillway.providers.azure;

import org.jspecify.annotations.NullMarked;
