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

  private final Members message = new Members();
  private final Members usage = new Members();
  private final TreeMap<Long, BlockFold> blocks = new TreeMap<>();
  private boolean senseless;

  // Of the event that is read.
  private String type = "";
  private long index;
  private @Nullable ByteSlice block;
  private @Nullable ByteSlice delta;
  private Members others = new Members();

  MessageFold(FoldBudget budget) {
    super(budget);
  }

  @Override
  void read(ByteSlice data) throws MalformedJson {
    type = "";
    index = -1;
    block = null;
    delta = null;
    others = new Members();
    reader.read(data, this::member);
    keep();
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

  private void member(String name) throws MalformedJson {
    switch (name) {
      case "type" -> type = reader.value().toString();
      case "index" -> index = reader.integerOr(-1);
      case "content_block" -> block = reader.value();
      case "delta" -> delta = reader.value();
      case "message" -> reader.object(this::head);
      case USAGE -> reader.object(each -> usage.putLast(each, reader.value()));
      default -> others.putLast(name, reader.value());
    }
  }

  private void head(String name) throws MalformedJson {
    switch (name) {
      case CONTENT -> reader.value();
      case USAGE -> reader.object(each -> usage.putLast(each, reader.value()));
      default -> message.putLast(name, reader.value());
    }
  }

  private void keep() throws MalformedJson {
    switch (type) {
      case "\"content_block_start\"" -> {
        BlockFold opened = new BlockFold();
        senseless |= block == null || blocks.put(index, opened) != null;
        if (block != null) {
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
        others.each(message::putLast);
        if (delta != null) {
          reader.read(delta, name -> message.putLast(name, reader.value()));
        }
      }
      default -> {}
    }
  }

  @Override
  long heldBytes() {
    long held = message.heldBytes() + usage.heldBytes();
    return held + blocks.values().stream().mapToLong(BlockFold::heldBytes).sum();
  }
}
