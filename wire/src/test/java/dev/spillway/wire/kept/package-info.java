@NullMarked
package dev.spillway.wire.kept;

import org.jspecify.annotations.NullMarked;
