/** Chat completions and embeddings of the OpenAI API: what a request asks, what an answer holds. */
@NullMarked
package dev.spillway.wire.chat;

import org.jspecify.annotations.NullMarked;
