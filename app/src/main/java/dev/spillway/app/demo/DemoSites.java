package dev.spillway.app.demo;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What stands at home and at the partner's.
 *
 * @param home URL of a real OpenAI-compatible engine; null for a simulated one
 * @param partner the same of the partner's
 * @param dataPort where the hub listens; 0 for any
 * @param adminPort where operators connect; 0 for any
 */
public record DemoSites(@Nullable URI home, @Nullable URI partner, int dataPort, int adminPort) {
  private static final Pattern FIRST_ID = Pattern.compile("\"id\"\\s*:\\s*\"([^\"]+)\"");

  /** Whether an engine stands in that the story cannot kill. */
  public boolean hasRealEngines() {
    return home != null || partner != null;
  }

  /** The hub's configuration; asks real engines for the name of their model. */
  String hub(DemoEngines engines, Path linkStore) throws IOException, InterruptedException {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("DATA_PORT", String.valueOf(dataPort));
    values.put("ADMIN_PORT", String.valueOf(adminPort));
    values.put("LINK_STORE", linkStore.toString());
    values.put("HOME_URL", home == null ? engines.homeUrl() : home.toString());
    place(values, "HOME", home, "azure-openai");
    place(values, "PARTNER", partner, "vllm");
    return DemoConfig.HUB.with(values);
  }

  /** The configuration of the partner's agent, which stands before all that is the partner's. */
  String agent(DemoEngines engines, int linkPort) throws IOException {
    if (partner != null && !"http".equals(partner.getScheme())) {
      throw new IOException(
          "--partner: " + partner + " (expected: http, since its agent is next to it)");
    }
    String chat =
        partner == null
            ? engines.partnerUrls().stream().map(DemoSites::engine).collect(joining(", "))
            : "{url: \"%s\", kind: any}".formatted(partner);
    return DemoConfig.AGENT.with(
        Map.of(
            "LINK_PORT", String.valueOf(linkPort),
            "PARTNER_ENGINES", chat,
            "MINI_ENGINES", engine(engines.miniUrl()),
            "XAI_ENGINES", engine(engines.xaiUrl())));
  }

  private static void place(
      Map<String, String> values, String site, @Nullable URI real, String dialect)
      throws IOException, InterruptedException {
    values.put(site + "_DIALECT", real == null ? dialect : "openai");
    values.put(site + "_MODEL", real == null ? "gpt-4o" : firstModel(real));
  }

  private static String engine(String url) {
    return "{url: \"" + url + "\"}";
  }

  private static String firstModel(URI base) throws IOException, InterruptedException {
    URI models = URI.create(base.toString().replaceAll("/+$", "") + "/models");
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(models).timeout(Duration.ofSeconds(5)).GET().build();
      try (InputStream body = http.send(request, BodyHandlers.ofInputStream()).body()) {
        String text = new String(body.readNBytes(64 << 10), StandardCharsets.UTF_8);
        Matcher matcher = FIRST_ID.matcher(text);
        if (!matcher.find()) {
          throw new IOException(models + " lists no model; expected an OpenAI model list");
        }
        return matcher.group(1);
      }
    }
  }
}
