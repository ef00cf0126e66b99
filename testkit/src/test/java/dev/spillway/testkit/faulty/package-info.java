/** Tests of the faulty provider. */
@NullMarked
package dev.spillway.testkit.faulty;

import org.jspecify.annotations.NullMarked;
