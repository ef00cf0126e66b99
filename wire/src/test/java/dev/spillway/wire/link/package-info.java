@NullMarked
package dev.spillway.wire.link;

import org.jspecify.annotations.NullMarked;
