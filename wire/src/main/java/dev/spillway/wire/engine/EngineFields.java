package dev.spillway.wire.engine;

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
          // which part of the engine works on it
          "routed_dp_rank",
          "data_parallel_rank",
          "id_slot",
          "slot_id",
          // where the engine fetches from, or sends to
          "kv_transfer_params",
          "bootstrap_host",
          "bootstrap_port",
          "bootstrap_room");

  private EngineFields() {}

  /** Whether a field, or a part of a form, is one of them. */
  public static boolean has(String name) {
    return NAMES.contains(name);
  }
}
