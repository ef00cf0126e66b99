/** The part of a contract that one partner's site is judged by, there. */
@NullMarked
package dev.spillway.core.bundle;

import org.jspecify.annotations.NullMarked;
