package dev.spillway.wire.link;

import dev.spillway.core.bundle.SiteBundle;
import dev.spillway.core.bundle.SiteBundle.Guest;
import dev.spillway.core.bundle.SiteBundle.Served;
import dev.spillway.core.model.ClauseId;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.Geography;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.PlatformId;
import dev.spillway.core.model.ProviderId;
import dev.spillway.core.model.Site;
import dev.spillway.core.model.SiteId;
import dev.spillway.core.model.TenantId;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.core.policy.Clause;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonWriter;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A policy bundle as JSON. */
public final class BundleJson {
  private BundleJson() {}

  /** Writes one. */
  public static String write(SiteBundle bundle) {
    JsonWriter json = new JsonWriter(2_048).beginObject();
    Site site = bundle.site();
    json.name("version").value(bundle.version());
    json.name("not_after").value(bundle.notAfterEpochSecond());
    json.name("contract").value(bundle.contract());
    json.name("platform").value(bundle.platform().value());
    json.name("site").value(site.id().value()).name("provider").value(site.provider().value());
    json.name("role").value(site.role().name());
    json.name("geography").value(site.geography() == null ? null : site.geography().value());
    json.name("extends")
        .value(site.extendsPlatform() == null ? null : site.extendsPlatform().value());
    json.name("deployments").beginArray();
    for (Served each : bundle.deployments()) {
      json.beginObject().name("id").value(each.id().value());
      json.name("model").value(each.model().value()).endObject();
    }
    json.endArray().name("tenants").beginArray();
    for (Guest each : bundle.tenants()) {
      json.beginObject().name("id").value(each.pseudonym().value());
      names(json, "classes", each.classes().stream().map(WorkloadClass::label).toList());
      names(json, "rivals", each.rivals());
      names(json, "models", each.models());
      json.endObject();
    }
    json.endArray().name("clauses").beginArray();
    bundle.clauses().forEach(each -> write(each, json));
    return json.endArray().endObject().written().toString();
  }

  /** Reads one. */
  public static SiteBundle read(String text) throws MalformedMessage {
    JsonFields fields = JsonFields.of(ByteSlice.of(text));
    List<Served> deployments = new ArrayList<>();
    for (JsonFields each : fields.objects("deployments")) {
      deployments.add(
          new Served(
              Names.read("id", each.text("id"), DeploymentId::new),
              Names.read("model", each.text("model"), ModelName::new)));
    }
    List<Guest> tenants = new ArrayList<>();
    for (JsonFields each : fields.objects("tenants")) {
      tenants.add(
          new Guest(
              Names.read("id", each.text("id"), TenantId::new),
              Names.readAll("classes", each.texts("classes"), BundleJson::workload),
              Names.readAll("rivals", each.texts("rivals"), TenantId::new),
              Names.readAll("models", each.texts("models"), ModelName::new)));
    }
    List<Clause> clauses = new ArrayList<>();
    for (JsonFields each : fields.objects("clauses")) {
      clauses.add(clause(each));
    }
    return new SiteBundle(
        fields.number("version"),
        fields.number("not_after"),
        fields.text("contract"),
        Names.read("platform", fields.text("platform"), PlatformId::new),
        site(fields),
        deployments,
        tenants,
        clauses);
  }

  private static void write(Clause clause, JsonWriter json) {
    Clause.Heading heading = clause.heading();
    json.beginObject().name("id").value(heading.id().value());
    json.name("from").value(heading.from() == null ? null : heading.from().toString());
    json.name("until").value(heading.until() == null ? null : heading.until().toString());
    json.name("because").value(heading.because());
    switch (clause) {
      case Clause.Deny deny -> {
        json.name("kind").value("deny");
        names(json, "tenants", deny.tenants());
        names(json, "classes", deny.classes().stream().map(WorkloadClass::label).toList());
        names(json, "deployments", deny.deployments());
      }
      case Clause.Isolation isolation -> {
        json.name("kind").value("isolation");
        names(json, "tenants", isolation.tenants());
        names(json, "deployments", List.of(isolation.deployment()));
      }
      case Clause.Residency _,
          Clause.WorkloadPlacement _,
          Clause.Licence _,
          Clause.OfferHomeFirst _,
          Clause.Cap _ ->
          throw new IllegalArgumentException(
              clause.id() + ": of a kind that no bundle has (expected: deny or isolation)");
    }
    json.endObject();
  }

  private static void names(JsonWriter json, String name, List<?> names) {
    json.name(name).beginArray();
    names.forEach(each -> json.value(each.toString()));
    json.endArray();
  }

  private static Site site(JsonFields fields) throws MalformedMessage {
    String geography = fields.textOrNull("geography");
    String platform = fields.textOrNull("extends");
    return new Site(
        Names.read("site", fields.text("site"), SiteId::new),
        Names.read("provider", fields.text("provider"), ProviderId::new),
        Names.read("role", fields.text("role"), Site.Role::valueOf),
        geography == null ? null : Names.read("geography", geography, Geography::new),
        platform == null ? null : Names.read("extends", platform, PlatformId::new),
        Duration.ZERO);
  }

  private static Clause clause(JsonFields fields) throws MalformedMessage {
    Clause.Heading heading =
        new Clause.Heading(
            Names.read("id", fields.text("id"), ClauseId::new),
            day(fields.textOrNull("from")),
            day(fields.textOrNull("until")),
            fields.text("because"));
    List<TenantId> tenants = Names.readAll("tenants", fields.texts("tenants"), TenantId::new);
    List<DeploymentId> deployments =
        Names.readAll("deployments", fields.texts("deployments"), DeploymentId::new);
    return switch (fields.text("kind")) {
      case "deny" -> {
        List<WorkloadClass> classes =
            Names.readAll("classes", fields.texts("classes"), BundleJson::workload);
        yield new Clause.Deny(
            heading, tenants, classes, List.of(), List.of(), List.of(), deployments, List.of());
      }
      case "isolation" -> {
        if (deployments.size() != 1) {
          throw new MalformedMessage("an isolation of " + deployments.size() + " deployments");
        }
        yield new Clause.Isolation(heading, deployments.getFirst(), tenants);
      }
      default -> throw new MalformedMessage("a clause of a kind that this agent does not know");
    };
  }

  private static WorkloadClass workload(String label) {
    return WorkloadClass.ofLabel(label)
        .orElseThrow(() -> new IllegalArgumentException("no class of work"));
  }

  private static @Nullable LocalDate day(@Nullable String text) throws MalformedMessage {
    try {
      return text == null ? null : LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      throw new MalformedMessage("not a date", e);
    }
  }
}
