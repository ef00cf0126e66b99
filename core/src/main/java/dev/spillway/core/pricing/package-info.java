/** What was spent at each provider, against the caps of the contract. */
@NullMarked
package dev.spillway.core.pricing;

import org.jspecify.annotations.NullMarked;
