/** The port to a provider's inference API: how it differs from the one we serve. */
@NullMarked
package dev.spillway.wire.dialect;

import org.jspecify.annotations.NullMarked;
