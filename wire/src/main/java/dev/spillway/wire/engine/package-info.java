/** What the engines that speak the OpenAI API take beyond it. */
@NullMarked
package dev.spillway.wire.engine;

import org.jspecify.annotations.NullMarked;
