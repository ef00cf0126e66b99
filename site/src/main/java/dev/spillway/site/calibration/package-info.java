/** How fast the engines next door are, found out with small requests while they have no others. */
@NullMarked
package dev.spillway.site.calibration;

import org.jspecify.annotations.NullMarked;
