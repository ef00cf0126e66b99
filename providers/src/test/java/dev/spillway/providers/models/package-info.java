/** Tests of {@code dev.spillway.providers.models}. */
@NullMarked
package dev.spillway.providers.models;

import org.jspecify.annotations.NullMarked;
