package dev.spillway.app.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import dev.spillway.core.provider.EngineModels;
import dev.spillway.site.AgentStatus;
import dev.spillway.site.tunnel.HubLinks;
import dev.spillway.wire.json.JsonWriter;
import dev.spillway.wire.link.SiteMessage.DeploymentState;
import dev.spillway.wire.link.SiteMessage.Pace;
import dev.spillway.wire.link.SiteMessage.ReplicaState;
import java.time.Instant;

/** How an agent is, in words: load, links, certificate, refusals; never tenants or content. */
final class StatusText {
  private static final int EXPECTED_BYTES = 2_048;
  private static final int PERMILLE_OF_PERCENT = 10;
  private static final double MICROS_PER_MILLI = 1e3;

  /** Of the names of an engine, on the page for people. */
  private static final int NAMES_SHOWN = 3;

  /** The same, for programs. */
  private static final int NAMES_TOLD = 16;

  private StatusText() {}

  /** For programs. */
  static String json(AgentStatus status) {
    JsonWriter json = new JsonWriter(EXPECTED_BYTES).beginObject();
    json.name("site").value(status.identity().site().value());
    json.name("certificate_until").value(certificateEnd(status).toString());
    json.name("draining").value(status.draining()).name("requests").value(status.requests());
    json.name("bundle").value(status.bundleVersion());
    json.name("bundle_until").value(bundleEnd(status));
    json.name("bundles_refused").value(status.bundlesRefused());
    json.name("bundles_refused_by_reason").beginObject();
    status.bundleRefusals().forEach((reason, times) -> json.name(reason.label()).value(times));
    json.endObject();
    json.name("hubs").beginArray();
    for (HubLinks.View each : status.hubs()) {
      json.beginObject().name("hub").value(each.hub()).name("control").value(each.control());
      json.name("connections").value(each.connections()).name("streams").value(each.streams());
      json.name("problem").value(each.problem()).endObject();
    }
    json.endArray().name("deployments").beginArray();
    status.deployments().forEach(each -> write(each, json));
    json.endArray().name("refusals").beginObject();
    status.refusals().forEach((reason, times) -> json.name(reason.label()).value(times));
    json.endObject().endObject();
    return new String(json.toByteArray(), UTF_8);
  }

  /** For people. */
  static String table(AgentStatus status) {
    StringBuilder text = new StringBuilder(EXPECTED_BYTES);
    text.append("site          ").append(status.identity().site()).append('\n');
    text.append("state         ").append(status.draining() ? "draining" : "serving");
    text.append(", ").append(status.requests()).append(" requests\n");
    text.append("certificate   until ").append(certificateEnd(status)).append('\n');
    policy(status, text);
    status.hubs().forEach(each -> hub(each, text));
    status.deployments().forEach(each -> deployment(each, text));
    refusals(status, text);
    return text.toString();
  }

  private static void policy(AgentStatus status, StringBuilder text) {
    text.append("policy        ");
    text.append(
        status.bundleVersion() == 0
            ? "none yet: everything is refused\n"
            : "version " + status.bundleVersion() + ", until " + bundleEnd(status) + "\n");
    if (status.bundlesRefused() > 0) {
      text.append("  not taken   ").append(status.bundlesRefused()).append('\n');
      status
          .bundleRefusals()
          .forEach((reason, times) -> {
            if (times > 0) {
              text.append("    ").append(reason.label()).append(' ').append(times).append('\n');
            }
          });
    }
  }

  private static void hub(HubLinks.View hub, StringBuilder text) {
    text.append("hub           ").append(hub.hub());
    text.append(hub.control() ? ": linked, " : ": not linked, ");
    text.append(hub.connections()).append(" connections, ");
    text.append(hub.streams()).append(" requests");
    text.append(hub.problem().isEmpty() ? "\n" : " (last: " + hub.problem() + ")\n");
  }

  private static void deployment(AgentStatus.Served served, StringBuilder text) {
    DeploymentState deployment = served.state();
    text.append("pace          ").append(deployment.id()).append(": ");
    text.append(words(deployment.pace())).append('\n');
    for (int i = 0; i < deployment.replicas().size(); i++) {
      String engine = deployment.id() + " " + (i + 1) + ": ";
      text.append("engine        ").append(engine);
      text.append(words(deployment.replicas().get(i))).append('\n');
      text.append("serves        ").append(engine);
      text.append(words(served.models().get(i))).append('\n');
    }
  }

  private static void refusals(AgentStatus status, StringBuilder text) {
    long all = status.refusals().values().stream().mapToLong(Long::longValue).sum();
    text.append("refused       ").append(all).append('\n');
    status
        .refusals()
        .forEach((reason, times) -> {
          if (times > 0) {
            text.append("  ").append(reason).append(' ').append(times).append('\n');
          }
        });
  }

  private static String words(Pace pace) {
    if (pace.equals(Pace.UNKNOWN)) {
      return "not measured";
    }
    String reads =
        pace.prefillTokensPerSecond() > 0
            ? "an engine reads %d tokens/s".formatted(pace.prefillTokensPerSecond())
            : "what an engine reads is not measured";
    return pace.decodeMicros() > 0
        ? "%s, writes one in %.1f ms".formatted(reads, pace.decodeMicros() / MICROS_PER_MILLI)
        : reads;
  }

  private static String words(ReplicaState replica) {
    if (replica.probeAgeMillis() < 0) {
      return "does not answer";
    }
    return "%d running, %d waiting, KV cache %d %%, %d ms ago; %d requests of ours"
        .formatted(
            replica.running(),
            replica.waiting(),
            replica.kvPermille() / PERMILLE_OF_PERCENT,
            replica.probeAgeMillis(),
            replica.inFlight());
  }

  private static String words(EngineModels models) {
    if (models.equals(EngineModels.UNKNOWN)) {
      return "does not say";
    }
    int more = models.names().size() - NAMES_SHOWN;
    String names =
        models.names().isEmpty()
            ? "does not name its models"
            : models.names().stream().limit(NAMES_SHOWN).collect(joining(", "))
                + (more > 0 ? " and " + more + " more" : "");
    return models.contextTokens() > 0
        ? names + "; context " + models.contextTokens() + " tokens"
        : names + "; does not say its context";
  }

  private static void write(AgentStatus.Served served, JsonWriter json) {
    DeploymentState deployment = served.state();
    json.beginObject().name("id").value(deployment.id().value());
    json.name("prefill_tokens_per_second").value(deployment.prefillTokensPerSecond());
    json.name("pace").beginObject();
    json.name("prefill_tokens_per_second").value(deployment.pace().prefillTokensPerSecond());
    json.name("decode_us").value(deployment.pace().decodeMicros());
    json.name("base_us").value(deployment.pace().baseMicros()).endObject();
    json.name("engines").beginArray();
    for (int i = 0; i < deployment.replicas().size(); i++) {
      ReplicaState each = deployment.replicas().get(i);
      json.beginObject().name("running").value(each.running());
      json.name("waiting").value(each.waiting()).name("kv_permille").value(each.kvPermille());
      json.name("probe_age_millis").value(each.probeAgeMillis());
      json.name("requests").value(each.inFlight());
      write(served.models().get(i), json);
      json.endObject();
    }
    json.endArray().endObject();
  }

  /** What an engine does not say is null. */
  private static void write(EngineModels models, JsonWriter json) {
    if (models.names().isEmpty()) {
      json.name("models").value((String) null);
    } else {
      json.name("models").beginArray();
      models.names().stream().limit(NAMES_TOLD).forEach(json::value);
      json.endArray();
    }
    json.name("models_more").value(Math.max(0, models.names().size() - NAMES_TOLD));
    if (models.contextTokens() == 0) {
      json.name("context_tokens").value((String) null);
    } else {
      json.name("context_tokens").value(models.contextTokens());
    }
  }

  private static Instant certificateEnd(AgentStatus status) {
    return status.identity().certificate().getNotAfter().toInstant();
  }

  private static String bundleEnd(AgentStatus status) {
    return Instant.ofEpochSecond(status.bundleNotAfter()).toString();
  }
}
