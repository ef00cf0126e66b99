/** What this site judges for itself before an engine sees a request. */
@NullMarked
package dev.spillway.site.guard;

import org.jspecify.annotations.NullMarked;
