/** Tests of the hub as a whole. */
@NullMarked
package dev.spillway.app.hub;

import org.jspecify.annotations.NullMarked;
