@NullMarked
package dev.spillway.site.calibration;

import org.jspecify.annotations.NullMarked;
