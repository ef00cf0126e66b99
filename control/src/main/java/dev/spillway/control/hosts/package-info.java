/** Under which names a port without login answers. */
@NullMarked
package dev.spillway.control.hosts;

import org.jspecify.annotations.NullMarked;
