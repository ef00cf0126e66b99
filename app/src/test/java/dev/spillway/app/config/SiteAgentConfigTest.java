package dev.spillway.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.spillway.app.yaml.InvalidFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SiteAgentConfigTest {
  @Test
  void needsNoProxy() throws Exception {
    SiteAgentConfig config = read("");

    assertThat(config.proxy()).isNull();
    assertThat(config.proxyLogin()).isNull();
  }

  @Test
  void takesTheLoginOfAProxyFromWhereSecretsAre() throws Exception {
    SiteAgentConfig config =
        read(
            """
            proxy: proxy.example:3128
            proxy-login: {user: agent, password: {file: proxy-password}}
            """);

    assertThat(config.proxy()).isEqualTo(new Address("proxy.example", 3128));
    SiteAgentConfig.ProxyLogin login = requireNonNull(config.proxyLogin());
    assertThat(login.user()).isEqualTo("agent");
    assertThat(login.password().file()).isEqualTo(Path.of("proxy-password"));
  }

  @Test
  void refusesALoginWithoutAProxyAndANameThatCannotBeSent() {
    assertThat(refused("proxy-login: {user: agent, password: {env: PASSWORD}}"))
        .contains("proxy-login: of no use (expected: with proxy)");
    assertThat(refused("proxy: a:1\nproxy-login: {user: \"agent:x\", password: {env: PASSWORD}}"))
        .contains("user: expected a name without a colon");
    assertThat(
            refused(
                "proxy: a:1\nproxy-login: {user: a, password: {sha256: %s}}"
                    .formatted("0".repeat(64))))
        .contains(
            "site.yaml:2: proxy-login.password.***: unknown key (expected: one of command, env, file)");
  }

  @Test
  void repeatsNoPasswordThatStandsInTheFile() {
    assertThat(refused("proxy: a:1\nproxy-login: {user: agent, password: hunter2}"))
        .contains("site.yaml:2: proxy-login.password: *** ")
        .contains("{env: NAME}, {file: PATH}")
        .doesNotContain("hunter2");
    assertThat(refused("proxy: agent:hunt/er2@proxy.example:3128"))
        .contains("proxy: '***@proxy.example:3128' (expected: host and port")
        .doesNotContain("hunt");
    assertThat(refused("proxy: \"http://agent:hunt@er2@proxy.example:3128\""))
        .contains("proxy: 'http://***@proxy.example:3128'")
        .doesNotContain("hunt");
  }

  @Test
  void refusesHubsWithoutPorts() {
    assertThat(refused("hubs: [\"a:0\"]", "")).contains("each with its port");
  }

  /** The agent would end at its start, after its token was used up. */
  @Test
  void refusesAnEngineThatIsReachedByTls() {
    InvalidFileException refused =
        catchThrowableOfType(
            InvalidFileException.class, () -> withEngine("https://engine.example:8000"));

    assertThat(refused).isNotNull();
    assertThat(refused)
        .hasMessageContaining("engines.url: 'https://engine.example:8000' (expected: a URL such as")
        .hasMessageContaining("http://127.0.0.1:8000, without TLS");
  }

  private static SiteAgentConfig read(String more) throws InvalidFileException {
    return read("hubs: [\"hub.example:8443\"]", more);
  }

  private static SiteAgentConfig read(String hubs, String more) throws InvalidFileException {
    return read(hubs, more, "http://127.0.0.1:1");
  }

  private static SiteAgentConfig withEngine(String url) throws InvalidFileException {
    return read("", "", url);
  }

  private static SiteAgentConfig read(String hubs, String more, String engine)
      throws InvalidFileException {
    String text =
        """
        %s
        site: oci-chicago
        %s
        deployments: {chat: {engines: [{url: "%s"}]}}
        """
            .formatted(more.strip(), hubs, engine);
    return ConfigFile.readSite("site.yaml", text.getBytes(UTF_8)).value();
  }

  private static String refused(String more) {
    return refused("hubs: [\"hub.example:8443\"]", more);
  }

  private static String refused(String hubs, String more) {
    InvalidFileException refused =
        catchThrowableOfType(InvalidFileException.class, () -> read(hubs, more));
    assertThat(refused).as(more).isNotNull();
    return refused.getMessage();
  }
}
