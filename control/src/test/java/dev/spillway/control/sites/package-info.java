@NullMarked
package dev.spillway.control.sites;

import org.jspecify.annotations.NullMarked;
