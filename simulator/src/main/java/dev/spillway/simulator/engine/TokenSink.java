package dev.spillway.simulator.engine;

/** Where the tokens of a sequence go, one call a token, in order. */
@FunctionalInterface
public interface TokenSink {
  /**
   * Takes the token just made.
   *
   * <p>May submit and cancel sequences, this one included.
   *
   * @param sequence whose token it is; {@link Sequence#generatedTokens} counts it already
   * @param nowNanos the end of the iteration that made it
   */
  void token(Sequence sequence, long nowNanos);
}
