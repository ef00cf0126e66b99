package dev.spillway.app.netns;

import static dev.spillway.app.netns.LinkedProcesses.FAR;
import static dev.spillway.app.netns.LinkedProcesses.HOME;
import static dev.spillway.app.netns.LinkedProcesses.HUB;
import static dev.spillway.app.netns.LinkedProcesses.LINKS;
import static dev.spillway.app.netns.LinkedProcesses.STATUS;
import static java.util.stream.Collectors.joining;

import dev.spillway.core.model.SiteId;
import dev.spillway.gateway.auth.KeyDirectory;
import java.util.stream.IntStream;

/** What the hub and its agents are told. */
final class Configs {
  private static final String URL = "url: \"http://%s:" + EngineProgram.PORT + "\"";

  /** The partner's engine, as its agents see it. */
  static final String ENGINE = "http://" + FAR + ":" + EngineProgram.PORT;

  private Configs() {}

  /**
   * The hub's.
   *
   * @param many how many sites there are beside, see {@link #site(int)}
   */
  static String hub(String here, int many) {
    return """
    platform: azure-ai
    listen: {data: "%1$s:8080", admin: "%1$s:9090", links: "%2$s:8443"}
    limits: {body: 80MiB}
    sites:
      azure-eastus2: {provider: microsoft, role: home, geography: us}
      oci-chicago: {provider: oracle, role: partner, geography: us, extends: azure-ai}
      oci-ashburn: {provider: oracle, role: partner, geography: us, extends: azure-ai}
    %6$s\
    deployments:
      home: {site: azure-eastus2, model: m-home, %3$s}
      both-home: {site: azure-eastus2, model: m-both, %3$s, price: {output: 10.00 USD/1M}}
      both-far: {site: oci-chicago, model: m-both, %4$s}
      far: {site: oci-chicago, model: m-far, %4$s}
      oci-ashburn: {site: oci-ashburn, model: m-oci-ashburn, %4$s}
    %7$s\
    tenants:
      team-a: {keys: [{sha256: %5$s}]}
    """
        .formatted(
            here,
            HUB,
            served(URL.formatted(HOME)),
            served("link: site-agent"),
            KeyDirectory.sha256(Asking.KEY),
            ofEach(
                many,
                "  %1$s: {provider: oracle, role: partner, geography: us, extends: azure-ai}\n"),
            ofEach(
                many, "  %1$s: {site: %1$s, model: m-%1$s, " + served("link: site-agent") + "}\n"));
  }

  /** One of many; its deployment has its name. */
  static SiteId site(int number) {
    return new SiteId("oci-" + number);
  }

  /** The only model that it serves. */
  static String model(SiteId site) {
    return "m-" + site.value();
  }

  /** The agent's. */
  static String site(String here) {
    return site("oci-chicago", "site-state", here + ":" + STATUS);
  }

  /** Of an agent beside it, which says that it serves the same. */
  static String site(String site, String state, String status) {
    String engine = "engines: [{" + URL.formatted(FAR) + ", kind: other}], calibrate: false";
    return """
    site: %s
    hubs: ["%s:%d"]
    state: %s
    status: %s
    deployments:
      far: {%s}
      both-far: {%s}
    """
        .formatted(site, HUB, LINKS, state, status, engine, engine);
  }

  /** A line a site, by its name. */
  private static String ofEach(int many, String line) {
    return IntStream.range(0, many)
        .mapToObj(number -> line.formatted(site(number).value()))
        .collect(joining());
  }

  private static String served(String where) {
    return "dialect: vllm, context-tokens: 100000000, "
        + where
        + ", capacity: {kind: self-hosted, replicas: 1, sequences-per-replica: 8192,"
        + " kv-tokens-per-replica: 1000000000}";
  }
}
