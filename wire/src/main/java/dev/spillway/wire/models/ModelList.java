package dev.spillway.wire.models;

import dev.spillway.wire.json.JsonWriter;
import java.util.List;

/** Writes the answer to {@code GET /v1/models}. */
public final class ModelList {
  private ModelList() {}

  /**
   * One model that the caller may ask for.
   *
   * @param id its name, or an alias
   * @param createdEpochSecond when it became available here
   * @param ownedBy the platform under which it is served
   */
  public record Entry(String id, long createdEpochSecond, String ownedBy) {}

  /** The list, in the order given. */
  public static byte[] write(List<Entry> entries) {
    JsonWriter json = new JsonWriter(64 + 96 * entries.size());
    json.beginObject().name("object").value("list").name("data").beginArray();
    for (Entry entry : entries) {
      member(json, entry);
    }
    return json.endArray().endObject().toByteArray();
  }

  /** One model: the answer to {@code GET /v1/models/{model}}. */
  public static byte[] write(Entry entry) {
    JsonWriter json = new JsonWriter(160);
    member(json, entry);
    return json.toByteArray();
  }

  private static void member(JsonWriter json, Entry entry) {
    json.beginObject().name("id").value(entry.id()).name("object").value("model");
    json.name("created").value(entry.createdEpochSecond());
    json.name("owned_by").value(entry.ownedBy()).endObject();
  }
}
