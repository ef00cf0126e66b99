@NullMarked
package dev.spillway.site;

import org.jspecify.annotations.NullMarked;
