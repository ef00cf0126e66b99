@NullMarked
package dev.spillway.control.engines;

import org.jspecify.annotations.NullMarked;
