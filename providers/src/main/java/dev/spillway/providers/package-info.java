/** The providers by name: what the program looks dialects and capacity up in. */
@NullMarked
package dev.spillway.providers;

import org.jspecify.annotations.NullMarked;
