/** A configuration in virtual time. */
@NullMarked
package dev.spillway.app.simulate;

import org.jspecify.annotations.NullMarked;
