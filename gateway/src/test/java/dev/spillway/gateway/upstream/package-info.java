/** Connections to deployments, and what comes over them. */
@NullMarked
package dev.spillway.gateway.upstream;

import org.jspecify.annotations.NullMarked;
