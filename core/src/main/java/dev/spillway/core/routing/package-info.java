/** Which deployment takes a request: what each is expected to make of it, and the pick. */
@NullMarked
package dev.spillway.core.routing;

import org.jspecify.annotations.NullMarked;
