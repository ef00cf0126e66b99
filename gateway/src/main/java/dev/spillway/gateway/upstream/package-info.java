/** HTTP out: connections to deployments, pooled by event loop. */
@NullMarked
package dev.spillway.gateway.upstream;

import org.jspecify.annotations.NullMarked;
