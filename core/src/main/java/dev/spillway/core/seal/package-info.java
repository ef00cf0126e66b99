/** The facts of a request, fixed before it is routed and sealed for each attempt. */
@NullMarked
package dev.spillway.core.seal;

import org.jspecify.annotations.NullMarked;
