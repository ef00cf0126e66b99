/** What is printed for people who watch. */
@NullMarked
package dev.spillway.app.terminal;

import org.jspecify.annotations.NullMarked;
