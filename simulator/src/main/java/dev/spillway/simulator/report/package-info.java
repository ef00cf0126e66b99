/** What a load gave, replayed or simulated: counted the same way, printed the same way. */
@NullMarked
package dev.spillway.simulator.report;

import org.jspecify.annotations.NullMarked;
