package dev.spillway.app.demo;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
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

  /** The configuration; asks real engines for the name of their model. */
  String config(DemoEngines engines) throws IOException, InterruptedException {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("DATA_PORT", String.valueOf(dataPort));
    values.put("ADMIN_PORT", String.valueOf(adminPort));
    place(values, "HOME", home, engines.homeUrl(), "azure-openai");
    place(values, "PARTNER", partner, engines.partnerUrl(), "vllm");
    values.put("MINI_URL", engines.miniUrl());
    values.put("XAI_URL", engines.xaiUrl());
    return DemoConfig.with(values);
  }

  private static void place(
      Map<String, String> values, String site, @Nullable URI real, String simulated, String dialect)
      throws IOException, InterruptedException {
    values.put(site + "_URL", real == null ? simulated : real.toString());
    values.put(site + "_DIALECT", real == null ? dialect : "openai");
    values.put(site + "_MODEL", real == null ? "gpt-4o" : firstModel(real));
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
