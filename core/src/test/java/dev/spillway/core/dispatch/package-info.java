/** Tests of the dispatcher as drivers see it. */
@NullMarked
package dev.spillway.core.dispatch;

import org.jspecify.annotations.NullMarked;
