/** The ports through which the world outside is seen. */
@NullMarked
package dev.spillway.core.provider;

import org.jspecify.annotations.NullMarked;
