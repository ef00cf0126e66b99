package dev.spillway.control.status;

import dev.spillway.core.dispatch.DeploymentStatus;
import dev.spillway.core.model.Deployment;

/**
 * One deployment and how it is doing.
 *
 * @param deployment what it is
 * @param status how it is doing
 */
public record DeploymentView(Deployment deployment, DeploymentStatus status) {}
