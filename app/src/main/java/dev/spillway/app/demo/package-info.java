/** The story on one machine: hub, home and partner in one process, over real sockets. */
@NullMarked
package dev.spillway.app.demo;

import org.jspecify.annotations.NullMarked;
