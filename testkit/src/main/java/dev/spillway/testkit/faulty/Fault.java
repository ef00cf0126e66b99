package dev.spillway.testkit.faulty;

import java.io.IOException;

/**
 * What a provider does with one request.
 *
 * @param what for the names of tests
 */
public record Fault(String what, Act act) {
  /** It answers well. */
  public static final Fault NONE = new Fault("answers well", turn -> turn.answer());

  /** It answers well, and its answer's head has these as well, such as how full it is. */
  public static Fault stating(String... headers) {
    return new Fault("states " + String.join(", ", headers), turn -> turn.answer(headers));
  }

  /** The doing. */
  @FunctionalInterface
  public interface Act {
    /**
     * Plays it; the connection lives on afterwards unless the turn has closed it.
     *
     * @throws IOException if the peer has left
     * @throws InterruptedException if the provider is closed
     */
    void play(Turn turn) throws IOException, InterruptedException;
  }

  @Override
  public String toString() {
    return what;
  }
}
