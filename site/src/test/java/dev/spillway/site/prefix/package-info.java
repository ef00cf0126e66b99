@NullMarked
package dev.spillway.site.prefix;

import org.jspecify.annotations.NullMarked;
