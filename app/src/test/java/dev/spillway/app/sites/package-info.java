@NullMarked
package dev.spillway.app.sites;

import org.jspecify.annotations.NullMarked;
