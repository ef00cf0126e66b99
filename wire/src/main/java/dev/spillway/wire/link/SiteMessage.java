package dev.spillway.wire.link;

import dev.spillway.core.model.DeploymentId;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonWriter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What an agent says to the hub on the control connection. */
public sealed interface SiteMessage {
  /**
   * Once a second: how the site is.
   *
   * @param nowMillis the agent's clock
   * @param bundleVersion the policy bundle it judges by; 0 for none, or one that is too old by its
   *     clock: the hub sends another, and asks it nothing until then
   * @param state whether it takes requests
   * @param covered requests seen from this hub so far: those the numbers below include
   * @param refusals requests turned away so far, by reason; those that happened
   * @param bundleRefusals policy bundles not taken so far, by reason; those that happened
   * @param deployments what it serves
   */
  record Heartbeat(
      long nowMillis,
      long bundleVersion,
      State state,
      long covered,
      List<Refused> refusals,
      List<BundlesRefused> bundleRefusals,
      List<DeploymentState> deployments)
      implements SiteMessage {
    /** Copies. */
    public Heartbeat {
      refusals = List.copyOf(refusals);
      bundleRefusals = List.copyOf(bundleRefusals);
      deployments = List.copyOf(deployments);
    }
  }

  /** What became of a policy bundle; {@code problem} is empty if it is in force. */
  record BundleJudged(long version, String problem) implements SiteMessage {}

  /** Whether a site takes requests. */
  enum State {
    /** It does. */
    SERVING,
    /** It lets end what runs. */
    DRAINING
  }

  /** How often a reason turned a request away. */
  record Refused(SiteRefusal reason, long times) {}

  /** How often a reason kept a policy bundle from being taken. */
  record BundlesRefused(BundleRefusal reason, long times) {}

  /**
   * One deployment at the site.
   *
   * @param prefillTokensPerSecond what a replica is believed to read; 0 if nobody knows
   * @param pace how fast one is by the site's word; {@link Pace#UNKNOWN} if it does not know
   * @param serves what those of its engines that answer say they serve
   * @param replicas one entry for each engine
   */
  record DeploymentState(
      DeploymentId id,
      long prefillTokensPerSecond,
      Pace pace,
      Serves serves,
      List<ReplicaState> replicas) {
    /** Copies. */
    public DeploymentState {
      replicas = List.copyOf(replicas);
    }
  }

  /**
   * How fast a replica is with nothing else to do, measured or told; not what was learnt of the
   * hub's own requests, which the hub knows better.
   *
   * @param prefillTokensPerSecond input tokens read; 0 if unknown
   * @param decodeMicros time per output token; 0 if unknown
   * @param baseMicros to the first token, beside what is to be read; 0 if unknown
   */
  record Pace(long prefillTokensPerSecond, long decodeMicros, long baseMicros) {
    /** Nothing is known. */
    public static final Pace UNKNOWN = new Pace(0, 0, 0);
  }

  /**
   * One engine.
   *
   * @param engine which; two agents of a site that say the same mean the same
   * @param running sequences in its batch, by its last probe
   * @param waiting sequences in its queue, by its last probe
   * @param kvPermille use of its KV cache, by its last probe
   * @param probeAgeMillis how old that probe is; below 0 if none succeeded yet, or none since the
   *     engine took no connection
   * @param inFlight requests that the agent has there
   * @param queueMicros the agent's estimate of what a request would wait there
   */
  record ReplicaState(
      String engine,
      int running,
      int waiting,
      int kvPermille,
      long probeAgeMillis,
      int inFlight,
      long queueMicros) {}

  /** As it is sent. */
  default byte[] encode() {
    JsonWriter json = new JsonWriter(512).beginObject();
    switch (this) {
      case Heartbeat heartbeat -> write(heartbeat, json);
      case BundleJudged(long version, var problem) ->
          json.name("judged").value(version).name("problem").value(problem);
    }
    return json.endObject().toByteArray();
  }

  /** Reads one. */
  static SiteMessage decode(ByteSlice text) throws MalformedMessage {
    JsonFields fields = JsonFields.of(text);
    String problem = fields.textOrNull("problem");
    return problem != null ? new BundleJudged(fields.number("judged"), problem) : heartbeat(fields);
  }

  private static void write(Heartbeat heartbeat, JsonWriter json) {
    json.name("now_millis").value(heartbeat.nowMillis());
    json.name("bundle").value(heartbeat.bundleVersion());
    json.name("state").value(heartbeat.state().name());
    json.name("covered").value(heartbeat.covered());
    json.name("refusals").beginArray();
    for (Refused each : heartbeat.refusals()) {
      json.beginObject().name("reason").value(each.reason().label());
      json.name("times").value(each.times()).endObject();
    }
    json.endArray().name("bundles_refused").beginArray();
    for (BundlesRefused each : heartbeat.bundleRefusals()) {
      json.beginObject().name("reason").value(each.reason().label());
      json.name("times").value(each.times()).endObject();
    }
    json.endArray().name("deployments").beginArray();
    for (DeploymentState each : heartbeat.deployments()) {
      json.beginObject().name("id").value(each.id().value());
      json.name("prefill").value(each.prefillTokensPerSecond());
      json.name("pace_prefill").value(each.pace().prefillTokensPerSecond());
      json.name("pace_decode_us").value(each.pace().decodeMicros());
      json.name("pace_base_us").value(each.pace().baseMicros());
      write(each.serves(), json);
      json.name("replicas").beginArray();
      each.replicas().forEach(replica -> write(replica, json));
      json.endArray().endObject();
    }
    json.endArray();
  }

  private static void write(Serves serves, JsonWriter json) {
    json.name("context").value(serves.contextTokens());
    if (serves.models() != null) {
      json.name("models").beginArray();
      serves.models().forEach(json::value);
      json.endArray().name("models_more").value(serves.more());
    }
  }

  private static void write(ReplicaState replica, JsonWriter json) {
    json.beginObject().name("engine").value(replica.engine());
    json.name("running").value(replica.running());
    json.name("waiting").value(replica.waiting()).name("kv").value(replica.kvPermille());
    json.name("probe_age_millis").value(replica.probeAgeMillis());
    json.name("in_flight").value(replica.inFlight());
    json.name("queue_us").value(replica.queueMicros()).endObject();
  }

  private static Heartbeat heartbeat(JsonFields fields) throws MalformedMessage {
    List<Refused> refusals = new ArrayList<>();
    Set<SiteRefusal> seen = EnumSet.noneOf(SiteRefusal.class);
    for (JsonFields each : fields.objects("refusals")) {
      Optional<SiteRefusal> reason = SiteRefusal.ofLabel(each.text("reason"));
      if (reason.isPresent()) { // one that is newer than this hub counts for nothing here
        checkOnce("refusals", seen.add(reason.get()));
        refusals.add(new Refused(reason.get(), each.number("times")));
      }
    }
    List<BundlesRefused> bundles = new ArrayList<>();
    Set<BundleRefusal> seenOfBundles = EnumSet.noneOf(BundleRefusal.class);
    for (JsonFields each : fields.objectsOrNone("bundles_refused")) {
      Optional<BundleRefusal> reason = BundleRefusal.ofLabel(each.text("reason"));
      if (reason.isPresent()) {
        checkOnce("bundles_refused", seenOfBundles.add(reason.get()));
        bundles.add(new BundlesRefused(reason.get(), each.number("times")));
      }
    }
    return new Heartbeat(
        fields.number("now_millis"),
        fields.number("bundle"),
        Names.read("state", fields.text("state"), State::valueOf),
        fields.number("covered"),
        refusals,
        bundles,
        deployments(fields));
  }

  private static List<DeploymentState> deployments(JsonFields fields) throws MalformedMessage {
    List<DeploymentState> deployments = new ArrayList<>();
    Set<DeploymentId> seen = new HashSet<>();
    for (JsonFields each : fields.objects("deployments")) {
      DeploymentState deployment = deployment(each);
      checkOnce("deployments", seen.add(deployment.id()));
      deployments.add(deployment);
    }
    return deployments;
  }

  private static void checkOnce(String list, boolean first) throws MalformedMessage {
    if (!first) {
      throw new MalformedMessage(list + ": one that is named twice");
    }
  }

  private static DeploymentState deployment(JsonFields fields) throws MalformedMessage {
    List<ReplicaState> replicas = new ArrayList<>();
    for (JsonFields each : fields.objects("replicas")) {
      replicas.add(
          new ReplicaState(
              each.text("engine"),
              each.count("running"),
              each.count("waiting"),
              Math.min(1_000, each.count("kv")),
              each.number("probe_age_millis"),
              each.count("in_flight"),
              each.number("queue_us")));
    }
    Pace pace =
        new Pace(
            Math.max(0, fields.numberOr("pace_prefill", 0)),
            Math.max(0, fields.numberOr("pace_decode_us", 0)),
            Math.max(0, fields.numberOr("pace_base_us", 0)));
    return new DeploymentState(
        Names.read("id", fields.text("id"), DeploymentId::new),
        fields.number("prefill"),
        pace,
        serves(fields),
        replicas);
  }

  private static Serves serves(JsonFields fields) throws MalformedMessage {
    Serves said =
        new Serves(
            countOrNone(fields, "context"),
            fields.has("models") ? fields.texts("models") : null,
            countOrNone(fields, "models_more"));
    return said.bounded();
  }

  private static int countOrNone(JsonFields fields, String name) throws MalformedMessage {
    return Math.clamp(fields.numberOr(name, 0), 0, Integer.MAX_VALUE);
  }
}
