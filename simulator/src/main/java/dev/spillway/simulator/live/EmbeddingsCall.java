package dev.spillway.simulator.live;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * What an embeddings request asks for.
 *
 * @param model as the body says, or null
 * @param inputHashes one an input, in order; the vectors depend on them
 * @param inputTokens of all inputs together, at least 1
 * @param dimensions of each vector
 * @param wish what the last text asks of the simulation
 */
record EmbeddingsCall(
    @Nullable String model,
    List<Long> inputHashes,
    int inputTokens,
    int dimensions,
    Encoding encoding,
    Wish wish) {
  /** As text-embedding-3-small answers when not asked for another size. */
  private static final int DEFAULT_DIMENSIONS = 1_536;

  private static final int MAX_DIMENSIONS = 4_096;
  private static final int MAX_INPUTS = 2_048;

  /** How a vector is written. */
  enum Encoding {
    FLOAT,
    BASE64
  }

  static EmbeddingsCall read(JsonParser json) throws RequestRefused {
    var reader = new Reader();
    Body.eachField(json, reader::field);
    return reader.call();
  }

  private static final class Reader {
    private final List<Long> hashes = new ArrayList<>();
    private long tokens;
    private @Nullable String model;
    private OptionalInt dimensions = OptionalInt.empty();
    private Encoding encoding = Encoding.FLOAT;
    private Wish wish = new Wish.Nothing();

    EmbeddingsCall call() throws RequestRefused {
      if (hashes.isEmpty() || hashes.size() > MAX_INPUTS) {
        throw Body.invalid("input", "1 to " + MAX_INPUTS + " texts");
      }
      int size = dimensions.orElse(DEFAULT_DIMENSIONS);
      if (size > MAX_DIMENSIONS) {
        throw Body.invalid("dimensions", "at most " + MAX_DIMENSIONS);
      }
      int all = (int) Math.min(Integer.MAX_VALUE, tokens);
      return new EmbeddingsCall(model, List.copyOf(hashes), all, size, encoding, wish);
    }

    void field(String name, JsonParser json) throws RequestRefused {
      switch (name) {
        case "model" -> model = Body.text(json, name);
        case "input" -> input(json);
        case "dimensions" -> dimensions = Body.countOrNull(json, name, 1);
        case "encoding_format" ->
            encoding =
                switch (Body.text(json, name)) {
                  case "float" -> Encoding.FLOAT;
                  case "base64" -> Encoding.BASE64;
                  default -> throw Body.invalid(name, "float or base64");
                };
        default -> json.skipChildren();
      }
    }

    private void input(JsonParser json) throws RequestRefused {
      if (json.currentToken() == JsonToken.VALUE_STRING) {
        one(json);
        return;
      }
      Body.expect(json, JsonToken.START_ARRAY, "input", "a string or an array");
      PromptCount bare = new PromptCount();
      int numbers = 0;
      while (json.nextToken() != JsonToken.END_ARRAY) {
        if (json.currentToken() == JsonToken.VALUE_NUMBER_INT) {
          bare.mix(json.getLongValue());
          numbers++;
        } else {
          one(json);
        }
      }
      if (numbers > 0) {
        bare.addTokens(numbers);
        add(bare);
      }
    }

    /** One input: a string, or an array of token ids. */
    private void one(JsonParser json) throws RequestRefused {
      var count = new PromptCount();
      if (json.currentToken() == JsonToken.VALUE_STRING) {
        count.add(json);
        if (json.getStringLength() <= Wish.LONGEST_TEXT) {
          wish = Wish.in(json.getString());
        }
      } else {
        Body.expect(json, JsonToken.START_ARRAY, "input", "strings or arrays of token ids");
        int numbers = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
          Body.expect(json, JsonToken.VALUE_NUMBER_INT, "input", "token ids");
          count.mix(json.getLongValue());
          numbers++;
        }
        count.addTokens(numbers);
      }
      add(count);
    }

    private void add(PromptCount count) {
      hashes.add(count.hash());
      tokens += count.tokens();
    }
  }
}
