package dev.spillway.control.status;

import java.util.List;

/** How a hub is doing; may be asked from any thread, and answers at once. */
public interface HubStatus {
  /** Whether it takes requests. */
  Readiness readiness();

  /** Which configuration is in force. */
  ConfigStatus config();

  /** One for each deployment, in the order of the configuration. */
  List<DeploymentView> deployments();
}
