@NullMarked
package dev.spillway.link;

import org.jspecify.annotations.NullMarked;
