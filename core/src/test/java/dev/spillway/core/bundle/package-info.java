/** Tests of the contract, and an independent reading of it to judge by. */
@NullMarked
package dev.spillway.core.bundle;

import org.jspecify.annotations.NullMarked;
