/** Tests of the events of APIs that are not chat. */
@NullMarked
package dev.spillway.wire.events;

import org.jspecify.annotations.NullMarked;
