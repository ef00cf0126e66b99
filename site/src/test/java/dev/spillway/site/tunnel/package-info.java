@NullMarked
package dev.spillway.site.tunnel;

import org.jspecify.annotations.NullMarked;
