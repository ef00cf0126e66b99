package dev.spillway.control.status;

import dev.spillway.core.dispatch.DeploymentStatus;
import dev.spillway.core.model.Deployment;
import org.jspecify.annotations.Nullable;

/**
 * One deployment and how it is doing.
 *
 * @param deployment what it is
 * @param status how it is doing
 * @param served what its engines serve; null if it is not reached by an agent's links
 */
public record DeploymentView(
    Deployment deployment, DeploymentStatus status, @Nullable ServedModels served) {}
