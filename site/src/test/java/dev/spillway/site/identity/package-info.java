@NullMarked
package dev.spillway.site.identity;

import org.jspecify.annotations.NullMarked;
