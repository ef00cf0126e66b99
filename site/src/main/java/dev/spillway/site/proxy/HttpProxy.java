package dev.spillway.site.proxy;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy that leads to the hubs.
 *
 * @param address not looked up yet
 * @param login what it is shown; null if it asks for none
 */
public record HttpProxy(InetSocketAddress address, @Nullable ProxyLogin login) {}
