package dev.spillway.gateway;

import dev.spillway.gateway.tunnel.LinkConfig;
import dev.spillway.gateway.tunnel.SiteLinks;

/**
 * The port for the agents of sites.
 *
 * @param config where it is
 * @param links whose they become
 */
public record SitePort(LinkConfig config, SiteLinks links) {}
