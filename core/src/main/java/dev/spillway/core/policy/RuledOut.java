package dev.spillway.core.policy;

import dev.spillway.core.model.ClauseId;
import dev.spillway.core.model.DeploymentId;

/**
 * A clause said no to a deployment.
 *
 * @param deployment which one
 * @param clause the clause's id; built-in rules have ids that begin with {@code spillway:}
 * @param because what the clause says and why, for people; names no tenant but the one who asks,
 *     unless the contract's own words do
 */
public record RuledOut(DeploymentId deployment, ClauseId clause, String because) {}
