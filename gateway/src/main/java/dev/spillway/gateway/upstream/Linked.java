package dev.spillway.gateway.upstream;

import dev.spillway.core.model.SiteId;

/**
 * At a site that no address leads to: its agent dialled us, and attempts go over what it dialled.
 *
 * @param site whose agent serves it
 */
public record Linked(SiteId site) implements Place {}
