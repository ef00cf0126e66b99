/** What an exchange is made of, piece by piece. */
@NullMarked
package dev.spillway.gateway.exchange;

import org.jspecify.annotations.NullMarked;
