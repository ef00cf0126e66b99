package dev.spillway.wire.engine;

import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonCursor;
import dev.spillway.wire.json.JsonKind;
import dev.spillway.wire.json.MalformedJson;
import java.util.Set;

/**
 * What a client may not say to a shared engine, whichever it is: an engine may be behind any
 * dialect, and one that does not know a field either ignores it or refuses the request.
 *
 * <p>None of them is of the OpenAI or the Anthropic API. Read of vLLM ({@code
 * vllm/entrypoints/openai}), SGLang ({@code srt/entrypoints/openai/protocol.py}) and llama.cpp
 * ({@code tools/server}), 2026-11.
 */
public final class EngineFields {
  private static final Set<String> NAMES =
      Set.of(
          // whose turn it is, and whose prefixes it may find
          "priority",
          "cache_salt",
          "extra_key",
          // under which name the engine knows a request, and keeps a response
          "request_id",
          "rid",
          "session_id",
          "session_params",
          // which part of the engine works on it
          "routed_dp_rank",
          "data_parallel_rank",
          "disagg_prefill_dp_rank",
          "id_slot",
          "slot_id",
          // where the engine fetches from, or sends to
          "kv_transfer_params",
          "ec_transfer_params",
          "bootstrap_host",
          "bootstrap_port",
          "bootstrap_room",
          // a program, which the engine runs
          "custom_logit_processor");

  /** What vLLM hands to its extensions, its own among them, under names of the client's choice. */
  private static final String ARGUMENTS = "vllm_xargs";

  private static final String OF_TRANSFER = "_transfer_params";

  private EngineFields() {}

  /** Whether a part of a form is one of them. */
  public static boolean has(String name) {
    return NAMES.contains(name) || name.equals(ARGUMENTS);
  }

  /**
   * Whether a field is one of them. Arguments to extensions of an engine are, if they would say by
   * another way where it fetches from.
   *
   * @param value valid JSON
   */
  public static boolean has(String name, ByteSlice value) {
    return NAMES.contains(name) || (name.equals(ARGUMENTS) && namesTransfers(value));
  }

  private static boolean namesTransfers(ByteSlice arguments) {
    JsonCursor cursor = new JsonCursor().reset(arguments);
    boolean names = false;
    try {
      if (cursor.kind() != JsonKind.OBJECT) {
        return false;
      }
      cursor.beginObject();
      while (cursor.nextMember()) {
        names |= cursor.name().endsWith(OF_TRANSFER);
        cursor.skip();
      }
    } catch (MalformedJson e) {
      throw new IllegalStateException("a field that was read before", e);
    }
    return names;
  }
}
