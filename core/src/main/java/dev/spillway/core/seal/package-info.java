/** The facts of a request, sealed before it is routed. */
@NullMarked
package dev.spillway.core.seal;

import org.jspecify.annotations.NullMarked;
