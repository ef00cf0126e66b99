/** Which engine most likely holds the beginning of a prompt: hashes of it, never its text. */
@NullMarked
package dev.spillway.site.prefix;

import org.jspecify.annotations.NullMarked;
