/** Text Generation Inference. */
@NullMarked
package dev.spillway.providers.tgi;

import org.jspecify.annotations.NullMarked;
