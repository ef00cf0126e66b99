/** Tests of {@code dev.spillway.providers}. */
@NullMarked
package dev.spillway.providers;

import org.jspecify.annotations.NullMarked;
