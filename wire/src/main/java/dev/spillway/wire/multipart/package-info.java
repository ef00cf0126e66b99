/** Forms with files, read in place: RFC 7578 inside RFC 2046, strictly. */
@NullMarked
package dev.spillway.wire.multipart;

import org.jspecify.annotations.NullMarked;
