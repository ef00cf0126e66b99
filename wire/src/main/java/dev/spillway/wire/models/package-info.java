/** The list of models. */
@NullMarked
package dev.spillway.wire.models;

import org.jspecify.annotations.NullMarked;
