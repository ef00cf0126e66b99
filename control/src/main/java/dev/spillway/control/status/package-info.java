/** What the admin port shows of a hub, without knowing what a hub is. */
@NullMarked
package dev.spillway.control.status;

import org.jspecify.annotations.NullMarked;
