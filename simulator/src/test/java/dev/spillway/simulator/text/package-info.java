@NullMarked
package dev.spillway.simulator.text;

import org.jspecify.annotations.NullMarked;
