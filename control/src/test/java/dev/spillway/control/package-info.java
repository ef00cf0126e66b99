@NullMarked
package dev.spillway.control;

import org.jspecify.annotations.NullMarked;
