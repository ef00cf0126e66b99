/** The SGLang engine. */
@NullMarked
package dev.spillway.providers.sglang;

import org.jspecify.annotations.NullMarked;
