/** The agent's end of links: it dials every hub, and serves what comes over the connections. */
@NullMarked
package dev.spillway.site.tunnel;

import org.jspecify.annotations.NullMarked;
