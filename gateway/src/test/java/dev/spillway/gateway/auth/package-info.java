/** Who holds which key. */
@NullMarked
package dev.spillway.gateway.auth;

import org.jspecify.annotations.NullMarked;
