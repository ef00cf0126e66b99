/** What a site agent and the hub say to one another; see docs/link.md. */
@NullMarked
package dev.spillway.wire.link;

import org.jspecify.annotations.NullMarked;
