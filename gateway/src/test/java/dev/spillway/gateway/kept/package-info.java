@NullMarked
package dev.spillway.gateway.kept;

import org.jspecify.annotations.NullMarked;
