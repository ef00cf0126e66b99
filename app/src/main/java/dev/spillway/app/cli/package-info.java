/** The commands of {@code spillway}. */
@NullMarked
package dev.spillway.app.cli;

import org.jspecify.annotations.NullMarked;
