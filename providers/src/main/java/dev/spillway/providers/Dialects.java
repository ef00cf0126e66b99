package dev.spillway.providers;

import dev.spillway.providers.azure.AzureOpenAiDialect;
import dev.spillway.providers.llamacpp.LlamaCppDialect;
import dev.spillway.providers.openai.OpenAiDialect;
import dev.spillway.providers.sglang.SglangDialect;
import dev.spillway.providers.vllm.VllmDialect;
import dev.spillway.wire.dialect.Dialect;
import java.util.List;

/** The dialects by the names that configuration uses. */
public final class Dialects {
  private static final List<Dialect> ALL =
      List.of(
          new OpenAiDialect(),
          new AzureOpenAiDialect(),
          new VllmDialect(),
          new SglangDialect(),
          new LlamaCppDialect());

  private Dialects() {}

  /**
   * The dialect of that name.
   *
   * @throws IllegalArgumentException if there is none; the message lists those there are
   */
  public static Dialect named(String name) {
    return ALL.stream()
        .filter(dialect -> dialect.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "dialect: '" + name + "' (expected: one of " + names() + ")"));
  }

  /** All names, the most general first. */
  public static List<String> names() {
    return ALL.stream().map(Dialect::name).toList();
  }
}
