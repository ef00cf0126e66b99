/** That the simulator decides as the gateway does. */
@NullMarked
package dev.spillway.app.parity;

import org.jspecify.annotations.NullMarked;
