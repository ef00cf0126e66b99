/** What this process asks of the machine it runs on. */
@NullMarked
package dev.spillway.app.jvm;

import org.jspecify.annotations.NullMarked;
