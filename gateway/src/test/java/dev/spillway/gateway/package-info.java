/** The data plane over real sockets, and what starts and stops it. */
@NullMarked
package dev.spillway.gateway;

import org.jspecify.annotations.NullMarked;
