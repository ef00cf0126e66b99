/** The error object of the OpenAI API. */
@NullMarked
package dev.spillway.wire.error;

import org.jspecify.annotations.NullMarked;
