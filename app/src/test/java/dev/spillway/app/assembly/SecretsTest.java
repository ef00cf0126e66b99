package dev.spillway.app.assembly;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.app.config.ConfigFile;
import dev.spillway.app.yaml.InvalidFileException;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.gateway.upstream.Credential;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SecretsTest {
  private static final String TOKEN = "Bearer eyJhbGciOi.J9";

  private static final String CONFIG =
      """
      platform: p
      listen: {data: 127.0.0.1:0, admin: 127.0.0.1:0}
      sites:
        home: {provider: home, role: home, geography: us}
      deployments:
        chat:
          site: home
          model: m
          dialect: azure-openai
          url: https://contoso.openai.azure.com
          credential: {env: CREDENTIAL}
          capacity: {kind: provisioned, units: 1, input-tokens-per-minute-per-unit: 1}
      tenants:
        team: {class: online-inference, keys: [{env: KEY}]}
      """;

  /** Azure's dialect tells by it that it is no key. */
  @Test
  void takesATokenForAzure() throws Exception {
    assertThat(read(CONFIG, TOKEN, "sk-1").credentials())
        .containsEntry(new DeploymentId("chat"), new Credential(TOKEN));
  }

  @Test
  void refusesATokenWhereTheDialectSaysThatItIsOne() {
    assertThatThrownBy(() -> read(CONFIG.replace("azure-openai", "vllm"), TOKEN, "sk-1"))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("deployments.chat.credential: begins with 'Bearer '")
        .hasMessageNotContaining("eyJ");
  }

  /** Nobody could send it: what clients put behind that word is the key. */
  @Test
  void refusesAKeyThatSaysThatItIsAToken() {
    assertThatThrownBy(() -> read(CONFIG, "key", TOKEN))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("tenants.team.keys: begins with 'Bearer '")
        .hasMessageNotContaining("eyJ");
  }

  private static Secrets read(String config, String credential, String key) throws Exception {
    return Secrets.read(
        "spillway.yaml",
        ConfigFile.read("spillway.yaml", config.getBytes(UTF_8)),
        new SecretReader(Path.of(""), Map.of("CREDENTIAL", credential, "KEY", key)));
  }
}
