/**
 * The hub's end of links: agents of partner sites dial in, and the hub sends requests over the
 * connections they made, as an HTTP/2 client.
 */
@NullMarked
package dev.spillway.gateway.tunnel;

import org.jspecify.annotations.NullMarked;
