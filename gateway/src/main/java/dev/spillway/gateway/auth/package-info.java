/** Who a caller is, by the key it sent. */
@NullMarked
package dev.spillway.gateway.auth;

import org.jspecify.annotations.NullMarked;
