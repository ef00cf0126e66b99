@NullMarked
package dev.spillway.site.proxy;

import org.jspecify.annotations.NullMarked;
