/** A provider that answers well until it is told to do something else. */
@NullMarked
package dev.spillway.testkit.faulty;

import org.jspecify.annotations.NullMarked;
