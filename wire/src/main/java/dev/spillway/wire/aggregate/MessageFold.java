package dev.spillway.wire.aggregate;

import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonWriter;
import dev.spillway.wire.json.MalformedJson;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A message of Anthropic's API: {@code message_start} has its head, blocks of content are opened
 * and added to by their index, {@code message_delta} says why it stopped and counts its tokens.
 */
final class MessageFold extends EventFold {
  private static final String CONTENT = "content";
  private static final String USAGE = "usage";

  private final Members message;
  private final Members usage;
  private final TreeMap<Long, BlockFold> blocks = new TreeMap<>();
  private boolean senseless;

  // Of the event that is read.
  private String type = "";
  private long index;
  private @Nullable ByteSlice block;
  private @Nullable ByteSlice delta;

  MessageFold(FoldBudget budget) {
    super(budget);
    this.message = new Members(budget);
    this.usage = new Members(budget);
  }

  @Override
  void read(ByteSlice data) throws MalformedJson {
    index = -1;
    reader.read(data, this::member);
    keep(data);
    type = ""; // the event is another's again, and may be long
    block = null;
    delta = null;
  }

  @Override
  public @Nullable ByteSlice answer() {
    if (message.isEmpty() || senseless) {
      return null;
    }
    JsonWriter json = new JsonWriter(1024).beginObject();
    message.writeTo(json);
    json.name(CONTENT).beginArray();
    blocks.values().forEach(each -> each.writeTo(json));
    json.endArray();
    if (!usage.isEmpty()) {
      json.name(USAGE).beginObject();
      usage.writeTo(json);
      json.endObject();
    }
    return json.endObject().written();
  }

  @Override
  void forget() {
    message.clear();
    usage.clear();
    blocks.clear();
  }

  private void member(String name) throws MalformedJson {
    switch (name) {
      case "type" -> type = reader.value().toString();
      case "index" -> index = reader.integerOr(-1);
      case "content_block" -> block = reader.value();
      case "delta" -> delta = reader.value();
      case "message" -> reader.object(this::head);
      case USAGE -> reader.object(each -> usage.putLast(each, reader.value()));
      default -> reader.value();
    }
  }

  private void head(String name) throws MalformedJson {
    switch (name) {
      case CONTENT -> reader.value();
      case USAGE -> reader.object(each -> usage.putLast(each, reader.value()));
      default -> message.putLast(name, reader.value());
    }
  }

  private void keep(ByteSlice data) throws MalformedJson {
    switch (type) {
      case "\"content_block_start\"" -> {
        senseless |= block == null || blocks.containsKey(index);
        if (block != null && !senseless && budget.isOpen()) {
          budget.holds(FoldBudget.entryBytes());
          BlockFold opened = new BlockFold(budget);
          blocks.put(index, opened);
          reader.read(block, name -> opened.opens(name, reader));
        }
      }
      case "\"content_block_delta\"" -> {
        BlockFold grows = blocks.get(index);
        senseless |= grows == null || delta == null;
        if (grows != null && delta != null) {
          reader.read(delta, name -> grows.member(name, reader));
        }
      }
      case "\"message_delta\"" -> {
        reader.read(data, this::besideDelta);
        if (delta != null) {
          reader.read(delta, name -> message.putLast(name, reader.value()));
        }
      }
      default -> {}
    }
  }

  /** What a {@code message_delta} says of the message beside what changed. */
  private void besideDelta(String name) throws MalformedJson {
    switch (name) {
      case "type", "index", "content_block", "delta", "message", USAGE -> reader.value();
      default -> message.putLast(name, reader.value());
    }
  }
}
