@NullMarked
package dev.spillway.gateway.tunnel;

import org.jspecify.annotations.NullMarked;
