package dev.spillway.app.hub;

/** The configuration of a hub with one engine on this machine, which no test here is about. */
final class HubYaml {
  private HubYaml() {}

  /**
   * On ports that are free.
   *
   * @param enginePort where its engine listens
   * @param keys of its tenant, on a line
   * @param more keys at the top, each on a line
   */
  static String of(int enginePort, String keys, String... more) {
    return with("", "", enginePort, keys, String.join("\n", more));
  }

  /** The same, whose engine wants a credential: a source of a secret, on a line. */
  static String ofReachedWith(String credential, int enginePort, String keys) {
    return with("", "credential: " + credential, enginePort, keys, "");
  }

  /** The same, over TLS: files beside it, with the certificate and its key. */
  static String ofSecured(String certificate, String key, int enginePort, String keys) {
    String tls = ", tls: {certificate: " + certificate + ", key: " + key + "}";
    return with(tls, "", enginePort, keys, "");
  }

  private static String with(
      String tls, String credential, int enginePort, String keys, String more) {
    return """
    platform: my-platform
    listen: {data: "127.0.0.1:0", admin: "127.0.0.1:0"%s}
    sites:
      here: {provider: me, role: home}
    deployments:
      chat:
        site: here
        model: m
        dialect: vllm
        url: http://127.0.0.1:%d
        %s
        accelerator: h100
        capacity: {kind: self-hosted, replicas: 1}
    tenants:
      demo: {keys: %s}
    %s
    """
        .formatted(tls, enginePort, credential, keys, more);
  }
}
