/** Tests of {@code dev.spillway.providers.page}. */
@NullMarked
package dev.spillway.providers.page;

import org.jspecify.annotations.NullMarked;
