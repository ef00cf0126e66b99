/** What hub and agent do alike to connections, below HTTP: their link's, and those to engines. */
@NullMarked
package dev.spillway.link;

import org.jspecify.annotations.NullMarked;
