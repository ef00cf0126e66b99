package dev.spillway.core.policy;

import dev.spillway.core.model.ClauseId;
import dev.spillway.core.model.DeploymentId;

/**
 * A clause said no to a deployment.
 *
 * @param deployment which one
 * @param clause the clause's id; built-in rules have ids that begin with {@code spillway:}
 * @param because the clause's own words, for people
 */
public record RuledOut(DeploymentId deployment, ClauseId clause, String because) {}
