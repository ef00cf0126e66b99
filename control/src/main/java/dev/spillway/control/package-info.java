/** Starts and stops the control plane. */
@NullMarked
package dev.spillway.control;

import org.jspecify.annotations.NullMarked;
