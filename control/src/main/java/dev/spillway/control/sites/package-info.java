/** Who may serve as a site: the hub's authority, join tokens, agents and their certificates. */
@NullMarked
package dev.spillway.control.sites;

import org.jspecify.annotations.NullMarked;
