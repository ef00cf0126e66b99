package dev.spillway.simulator.engine;

/**
 * How long one iteration of an engine takes, by what is in its batch.
 *
 * <pre>
 *   t = base
 *     + perPrefillToken   * prefill tokens
 *     + perPrefillContext * sum over prefill tokens of the context each attends to
 *     + perDecode         * sequences that decode
 *     + perDecodeContext  * sum of their contexts
 * </pre>
 *
 * <p>The shape is that of iteration-level simulators such as Splitwise-sim and Dynamo's mocker,
 * with the two context terms added: attention reads the whole cache of a sequence for each token.
 *
 * @param baseMicros reading the weights and launching the kernels, microseconds, more than 0
 * @param perPrefillTokenMicros microseconds a prefill token, at least 0
 * @param perPrefillContextMicros microseconds a prefill token and context token, at least 0
 * @param perDecodeMicros microseconds a decoding sequence, at least 0
 * @param perDecodeContextMicros microseconds a context token of a decoding sequence, at least 0
 */
public record StepTime(
    double baseMicros,
    double perPrefillTokenMicros,
    double perPrefillContextMicros,
    double perDecodeMicros,
    double perDecodeContextMicros) {
  private static final double NANOS_PER_MICRO = 1_000;

  /** Checks every bound. */
  public StepTime {
    if (!(baseMicros > 0)) {
      throw new IllegalArgumentException("baseMicros: " + baseMicros + " (expected: > 0)");
    }
    atLeastZero("perPrefillTokenMicros", perPrefillTokenMicros);
    atLeastZero("perPrefillContextMicros", perPrefillContextMicros);
    atLeastZero("perDecodeMicros", perDecodeMicros);
    atLeastZero("perDecodeContextMicros", perDecodeContextMicros);
  }

  /** The time of one iteration over this batch, nanoseconds. */
  double nanos(Batch batch) {
    return NANOS_PER_MICRO
        * (baseMicros
            + perPrefillTokenMicros * batch.prefillTokens
            + perPrefillContextMicros * batch.prefillContext
            + perDecodeMicros * batch.decodes
            + perDecodeContextMicros * batch.decodeContext);
  }

  private static void atLeastZero(String name, double value) {
    if (!(value >= 0)) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= 0)");
    }
  }
}
