@NullMarked
package dev.spillway.gateway.server;

import org.jspecify.annotations.NullMarked;
