/** HTTP in: what a client sends, checked and turned into a request. */
@NullMarked
package dev.spillway.gateway.server;

import org.jspecify.annotations.NullMarked;
