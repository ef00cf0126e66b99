/** How a response that a deployment keeps is found again, by whoever asked for it. */
@NullMarked
package dev.spillway.gateway.kept;

import org.jspecify.annotations.NullMarked;
