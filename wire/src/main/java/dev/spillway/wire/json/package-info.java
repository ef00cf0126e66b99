/**
 * JSON on byte arrays: one strict cursor to read it, one small writer, and edits that leave the
 * rest as it is.
 */
@NullMarked
package dev.spillway.wire.json;

import org.jspecify.annotations.NullMarked;
