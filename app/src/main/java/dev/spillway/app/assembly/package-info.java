/** Makes what the planes run on out of the configuration. */
@NullMarked
package dev.spillway.app.assembly;

import org.jspecify.annotations.NullMarked;
