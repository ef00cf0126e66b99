/** Tests of the contract, and an independent reading of it to judge by. */
@NullMarked
package dev.spillway.core.policy;

import org.jspecify.annotations.NullMarked;
