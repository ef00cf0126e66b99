/** A client's connection, piece by piece. */
@NullMarked
package dev.spillway.gateway.server;

import org.jspecify.annotations.NullMarked;
