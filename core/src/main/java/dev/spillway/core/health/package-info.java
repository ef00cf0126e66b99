/** Whether a deployment is well: breakers, the way back from illness, admission states. */
@NullMarked
package dev.spillway.core.health;

import org.jspecify.annotations.NullMarked;
