/** A long, lossy way between two network namespaces, for kernels without netem. */
@NullMarked
package dev.spillway.testkit.wan;

import org.jspecify.annotations.NullMarked;
