/** The contract: its clauses, compiled to bit sets, fail-closed and explained. */
@NullMarked
package dev.spillway.core.policy;

import org.jspecify.annotations.NullMarked;
