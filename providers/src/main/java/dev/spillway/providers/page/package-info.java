/** Pages that engines show on their own ports. */
@NullMarked
package dev.spillway.providers.page;

import org.jspecify.annotations.NullMarked;
