@NullMarked
package dev.spillway.site.relay;

import org.jspecify.annotations.NullMarked;
