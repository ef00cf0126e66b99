/** Tests of continued answers. */
@NullMarked
package dev.spillway.wire.resume;

import org.jspecify.annotations.NullMarked;
