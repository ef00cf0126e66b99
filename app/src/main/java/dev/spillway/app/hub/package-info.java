/** A running hub: both planes, and the configuration that is in force. */
@NullMarked
package dev.spillway.app.hub;

import org.jspecify.annotations.NullMarked;
