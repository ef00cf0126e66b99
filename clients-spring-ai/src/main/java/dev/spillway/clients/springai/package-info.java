/** Spring AI, unchanged, against a running hub. */
@NullMarked
package dev.spillway.clients.springai;

import org.jspecify.annotations.NullMarked;
