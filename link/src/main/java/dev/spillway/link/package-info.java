/** What both ends of a link do to the connection below HTTP/2: the hub's and the agent's. */
@NullMarked
package dev.spillway.link;

import org.jspecify.annotations.NullMarked;
