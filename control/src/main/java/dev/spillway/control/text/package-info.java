/** Tables for terminals. */
@NullMarked
package dev.spillway.control.text;

import org.jspecify.annotations.NullMarked;
