/** What is learnt from requests that are over: lengths of answers, speeds of engines. */
@NullMarked
package dev.spillway.core.forecast;

import org.jspecify.annotations.NullMarked;
