package dev.spillway.app.hub;

import dev.spillway.app.assembly.Generation;
import dev.spillway.app.config.DeploymentConfig;
import dev.spillway.control.status.DeploymentView;
import dev.spillway.control.status.ServedModels;
import dev.spillway.core.model.Deployment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the deployments of a generation are doing, for metrics and people. */
final class DeploymentViews {
  private DeploymentViews() {}

  /**
   * All of them, in the order of the configuration.
   *
   * @param sites null if this hub listens for no agents
   */
  static List<DeploymentView> of(Generation generation, @Nullable SiteDoor sites) {
    List<Deployment> deployments = generation.assembly().topology().deployments();
    List<DeploymentView> views = new ArrayList<>();
    for (int i = 0; i < deployments.size(); i++) {
      Deployment each = deployments.get(i);
      views.add(
          new DeploymentView(
              each,
              generation.dispatcher().status(i, System.nanoTime()),
              served(generation.assembly().said(each.id()), each, sites)));
    }
    return views;
  }

  private static @Nullable ServedModels served(
      DeploymentConfig said, Deployment deployment, @Nullable SiteDoor sites) {
    return sites == null || said.link() == null
        ? null
        : new ServedModels(
            said.modelThere(), sites.links().served(deployment.site().id(), deployment.id()));
  }
}
