/** The decisions about one request, from the door to its settlement, as drivers call them. */
@NullMarked
package dev.spillway.core.dispatch;

import org.jspecify.annotations.NullMarked;
