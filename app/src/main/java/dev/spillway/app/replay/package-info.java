/** A recorded load against any OpenAI-compatible endpoint, open loop. */
@NullMarked
package dev.spillway.app.replay;

import org.jspecify.annotations.NullMarked;
