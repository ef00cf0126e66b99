/** Who this agent is: its key, its certificate, and how it gets the next one. */
@NullMarked
package dev.spillway.site.identity;

import org.jspecify.annotations.NullMarked;
