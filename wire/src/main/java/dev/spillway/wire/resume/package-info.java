/**
 * Continues a streamed answer that was cut: what the client has of it, how the rest is asked of
 * another deployment, and how the two are joined without a seam.
 */
@NullMarked
package dev.spillway.wire.resume;

import org.jspecify.annotations.NullMarked;
