package dev.spillway.simulator.live;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;

/** Vectors of length 1 that depend on the text and the seed alone, sent when the prompt is read. */
final class EmbeddingsAnswer implements Generation.Answer {
  private final HttpReply reply;
  private final String model;
  private final EmbeddingsCall call;
  private final long seed;

  EmbeddingsAnswer(HttpReply reply, String model, EmbeddingsCall call, long seed) {
    this.reply = reply;
    this.model = model;
    this.call = call;
    this.seed = seed;
  }

  @Override
  public void token(int generated) {}

  @Override
  public void complete() {
    var json = new StringBuilder("{\"object\":\"list\",\"data\":[");
    List<Long> hashes = call.inputHashes();
    for (int i = 0; i < hashes.size(); i++) {
      json.append(i == 0 ? "" : ",").append("{\"object\":\"embedding\",\"index\":").append(i);
      json.append(",\"embedding\":");
      write(vector(hashes.get(i)), json);
      json.append('}');
    }
    json.append("],\"model\":\"").append(model).append("\",\"usage\":{\"prompt_tokens\":");
    json.append(call.inputTokens()).append(",\"total_tokens\":").append(call.inputTokens());
    reply.json(json.append("}}"));
  }

  @Override
  public AnswerPlan.FinishReason finishReason() {
    return AnswerPlan.FinishReason.STOP;
  }

  private void write(float[] vector, StringBuilder json) {
    switch (call.encoding()) {
      case BASE64 -> json.append('"').append(base64(vector)).append('"');
      case FLOAT -> {
        for (int i = 0; i < vector.length; i++) {
          json.append(i == 0 ? '[' : ',').append(vector[i]);
        }
        json.append(']');
      }
    }
  }

  /** Little-endian float32, as OpenAI's clients decode it. */
  private static String base64(float[] vector) {
    ByteBuffer bytes =
        ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : vector) {
      bytes.putFloat(value);
    }
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  private float[] vector(long hash) {
    var random = new SplittableRandom(hash ^ seed);
    double[] raw = random.doubles(call.dimensions(), -1, 1).toArray();
    double square = 0;
    for (double value : raw) {
      square += value * value;
    }
    double scale = 1 / Math.sqrt(square);
    float[] vector = new float[raw.length];
    for (int i = 0; i < raw.length; i++) {
      vector[i] = (float) (raw[i] * scale);
    }
    return vector;
  }
}
