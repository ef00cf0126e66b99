/** Tests of {@code dev.spillway.wire.chat}. */
@NullMarked
package dev.spillway.wire.chat;

import org.jspecify.annotations.NullMarked;
