@NullMarked
package dev.spillway.site.engine;

import org.jspecify.annotations.NullMarked;
