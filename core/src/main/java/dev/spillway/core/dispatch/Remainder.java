package dev.spillway.core.dispatch;

import dev.spillway.core.policy.DeploymentSet;
import dev.spillway.core.quota.Demand;

/**
 * The rest of an answer that broke off after the client had seen some of it.
 *
 * @param able the deployments that can go on with it, by their index in the topology; what else the
 *     contract allows is no use
 * @param demand what the rest is expected to use: the input with what was generated, and the output
 *     that remains
 */
public record Remainder(DeploymentSet able, Demand demand) {}
