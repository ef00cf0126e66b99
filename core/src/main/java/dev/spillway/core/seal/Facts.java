package dev.spillway.core.seal;

import dev.spillway.core.model.Geography;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.TenantId;
import dev.spillway.core.model.WorkloadClass;
import dev.spillway.core.policy.Ask;
import java.util.List;

/**
 * What clauses speak of, and to which request it belongs.
 *
 * @param ask tenant, class, model and residency; at a site the tenant's pseudonym
 * @param contract which contract was in force when they were sealed; any text
 * @param requestId the attempt's id ({@link #idOfAttempt}), which no other has; any text
 * @param atEpochSecond when they were sealed, seconds since 1970
 */
public record Facts(Ask ask, String contract, String requestId, long atEpochSecond) {
  /** What one attempt of a request is called: engines take an id once. */
  public static String idOfAttempt(String requestId, int attempt) {
    return requestId + "-" + attempt;
  }

  /** The same of a tenant by another name. */
  Facts of(TenantId tenant) {
    Ask other = new Ask(tenant, ask.workload(), ask.model(), ask.residency());
    return new Facts(other, contract, requestId, atEpochSecond);
  }

  /** Every field with its length before it, so that no two facts have one text. */
  String encode() {
    StringBuilder text = new StringBuilder();
    add(text, ask.tenant().value());
    add(text, ask.workload().label());
    add(text, ask.model().value());
    add(text, String.join(" ", ask.residency().stream().map(Geography::value).toList()));
    add(text, contract);
    add(text, requestId);
    add(text, Long.toString(atEpochSecond));
    return text.toString();
  }

  /**
   * Reads what {@link #encode} wrote; throws {@link IllegalArgumentException} if it is not that.
   */
  static Facts decode(String text) {
    Fields fields = new Fields(text);
    TenantId tenant = new TenantId(fields.next());
    WorkloadClass workload = WorkloadClass.ofLabel(fields.next()).orElseThrow(Fields::malformed);
    ModelName model = new ModelName(fields.next());
    String geographies = fields.next();
    List<Geography> residency =
        geographies.isEmpty()
            ? List.of()
            : List.of(geographies.split(" ", -1)).stream().map(Geography::new).toList();
    Facts facts =
        new Facts(
            new Ask(tenant, workload, model, residency),
            fields.next(),
            fields.next(),
            Long.parseLong(fields.next()));
    fields.end();
    return facts;
  }

  private static void add(StringBuilder text, String field) {
    text.append(field.length()).append(':').append(field);
  }

  private static final class Fields {
    private final String text;
    private int at;

    Fields(String text) {
      this.text = text;
    }

    String next() {
      int colon = text.indexOf(':', at);
      if (colon < 0) {
        throw malformed();
      }
      int length = Integer.parseInt(text.substring(at, colon));
      int end = colon + 1 + length;
      if (length < 0 || end > text.length()) {
        throw malformed();
      }
      at = end;
      return text.substring(colon + 1, end);
    }

    void end() {
      if (at != text.length()) {
        throw malformed();
      }
    }

    static IllegalArgumentException malformed() {
      return new IllegalArgumentException("facts: not as they are written");
    }
  }
}
