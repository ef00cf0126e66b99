/** The way out of a partner's network, where an HTTP proxy is the only one. */
@NullMarked
package dev.spillway.site.proxy;

import org.jspecify.annotations.NullMarked;
