@NullMarked
package dev.spillway.site.guard;

import org.jspecify.annotations.NullMarked;
