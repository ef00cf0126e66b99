/** The engines next door: how they are reached, how busy they are, which one is next. */
@NullMarked
package dev.spillway.site.engine;

import org.jspecify.annotations.NullMarked;
