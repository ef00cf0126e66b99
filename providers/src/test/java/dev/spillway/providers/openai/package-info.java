/** Tests of {@code dev.spillway.providers.openai}. */
@NullMarked
package dev.spillway.providers.openai;

import org.jspecify.annotations.NullMarked;
