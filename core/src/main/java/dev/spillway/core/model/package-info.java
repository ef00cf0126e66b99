/** The words everything else speaks in: ids, sites, deployments, tenants, money. */
@NullMarked
package dev.spillway.core.model;

import org.jspecify.annotations.NullMarked;
