/** What requests and answers of HTTP/1.1 share, in both directions. */
@NullMarked
package dev.spillway.gateway.http;

import org.jspecify.annotations.NullMarked;
