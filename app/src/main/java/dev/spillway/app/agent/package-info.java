/** A partner's agent as a program: its file, its identity, its page. */
@NullMarked
package dev.spillway.app.agent;

import org.jspecify.annotations.NullMarked;
