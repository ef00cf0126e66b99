package dev.spillway.simulator.report;

import dev.spillway.wire.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * What a load gave.
 *
 * <p>Counts every request of the load: one that got no answer did not meet its objective. The same
 * outcomes print the same bytes.
 */
public final class LoadReport {
  private static final double PERCENT = 100;

  private final List<Outcome> outcomes;
  private final ReportObjective objective;
  private final Duration span;

  /**
   * Of a load.
   *
   * @param outcomes one a request
   * @param span from the first arrival to the last
   */
  public LoadReport(List<Outcome> outcomes, ReportObjective objective, Duration span) {
    this.outcomes = List.copyOf(outcomes);
    this.objective = objective;
    this.span = span;
  }

  /** How many requests there were. */
  public int requests() {
    return outcomes.size();
  }

  /** How many ended so. */
  public long count(Outcome.Kind kind) {
    return outcomes.stream().filter(each -> each.kind() == kind).count();
  }

  /** Share of all requests that were whole and in time, 0 to 1; 0 of none. */
  public double attainment() {
    return share(outcomes.stream().filter(each -> each.meets(objective)).count());
  }

  /** Share of all requests that this site served, 0 to 1. */
  public double share(String site) {
    return share(outcomes.stream().filter(each -> site.equals(each.site())).count());
  }

  /** Time to first token that 99 % do not exceed, milliseconds; of those who got one. */
  public double ttftP99Millis() {
    return quantiles(Outcome::ttftNanos).p99();
  }

  /** Time to first token that half do not exceed, milliseconds. */
  public double ttftP50Millis() {
    return quantiles(Outcome::ttftNanos).p50();
  }

  /** For people. */
  public String table() {
    StringBuilder text = new StringBuilder(1_024);
    line(text, "requests", requests() + " in " + seconds() + " s");
    for (Outcome.Kind kind : Outcome.Kind.values()) {
      line(text, "  " + kind.label(), count(kind) + details(kind));
    }
    line(text, "served by", sites());
    line(text, "time to first token", quantiles(Outcome::ttftNanos).text());
    line(text, "time per token", quantiles(Outcome::tpotNanos).text());
    String tokens = sum(Outcome::inputTokens) + " in, " + sum(Outcome::outputTokens) + " out";
    line(text, "tokens", tokens);
    String within =
        " (first token within %d ms, %d ms a token)"
            .formatted(objective.ttft().toMillis(), objective.tpot().toMillis());
    line(text, "met the objective", percent(attainment()) + within);
    line(text, "goodput", String.format(Locale.ROOT, "%.2f requests/s", goodput()));
    return text.toString();
  }

  /** For programs. */
  public String json() {
    Quantiles ttft = quantiles(Outcome::ttftNanos);
    Quantiles tpot = quantiles(Outcome::tpotNanos);
    JsonWriter json = new JsonWriter(1_024);
    json.beginObject().name("requests").value(requests());
    json.name("seconds").value(Double.parseDouble(seconds())).name("ended").beginObject();
    for (Outcome.Kind kind : Outcome.Kind.values()) {
      json.name(kind.name().toLowerCase(Locale.ROOT)).value(count(kind));
    }
    json.endObject().name("share_by_site").beginObject();
    bySite().forEach((site, count) -> json.name(site).value(rounded(share(count))));
    json.endObject();
    quantiles(json, "ttft_ms", ttft);
    quantiles(json, "tpot_ms", tpot);
    json.name("input_tokens").value(sum(Outcome::inputTokens));
    json.name("output_tokens").value(sum(Outcome::outputTokens));
    json.name("attainment").value(rounded(attainment()));
    json.name("goodput_rps").value(rounded(goodput())).endObject();
    return new String(json.toByteArray(), StandardCharsets.UTF_8);
  }

  private static void quantiles(JsonWriter json, String name, Quantiles of) {
    json.name(name).beginObject().name("p50").value(rounded(of.p50()));
    json.name("p90").value(rounded(of.p90())).name("p99").value(rounded(of.p99())).endObject();
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(String.format(Locale.ROOT, "%-22s", name)).append(value).append('\n');
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f %%", PERCENT * share);
  }

  private String sites() {
    StringBuilder text = new StringBuilder();
    bySite()
        .forEach((site, count) -> {
          String part = String.format(Locale.ROOT, "%s %.1f %%", site, PERCENT * share(count));
          text.append(text.isEmpty() ? "" : "   ").append(part);
        });
    return text.isEmpty() ? "nobody" : text.toString();
  }

  private Map<String, Long> bySite() {
    Map<String, Long> sites = new TreeMap<>();
    for (Outcome each : outcomes) {
      if (each.site() != null) {
        sites.merge(each.site(), 1L, Long::sum);
      }
    }
    return sites;
  }

  private String details(Outcome.Kind kind) {
    Map<String, Long> details = new TreeMap<>();
    for (Outcome each : outcomes) {
      if (each.kind() == kind && !each.detail().isEmpty()) {
        details.merge(each.detail(), 1L, Long::sum);
      }
    }
    return details.isEmpty() ? "" : " " + details;
  }

  private Quantiles quantiles(ToLongFunction<Outcome> value) {
    return Quantiles.ofNanos(
        outcomes.stream().filter(each -> each.ttftNanos() >= 0).mapToLong(value).toArray());
  }

  private double goodput() {
    double seconds = Math.max(1e-9, span.toNanos() / 1e9);
    return attainment() * requests() / seconds;
  }

  private long sum(ToLongFunction<Outcome> value) {
    return outcomes.stream().mapToLong(value).sum();
  }

  private double share(long count) {
    return outcomes.isEmpty() ? 0 : (double) count / outcomes.size();
  }

  private String seconds() {
    return String.format(Locale.ROOT, "%.1f", span.toNanos() / 1e9);
  }

  private static double rounded(double value) {
    return Math.rint(value * 1e4) / 1e4;
  }
}
