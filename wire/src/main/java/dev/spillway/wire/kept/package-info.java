/** The ids of responses that their deployments keep. */
@NullMarked
package dev.spillway.wire.kept;

import org.jspecify.annotations.NullMarked;
