/** Watches engines of our own and reports how busy they are. */
@NullMarked
package dev.spillway.control.engines;

import org.jspecify.annotations.NullMarked;
