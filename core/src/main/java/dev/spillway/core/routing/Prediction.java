package dev.spillway.core.routing;

/**
 * What a deployment is expected to make of a request, term by term.
 *
 * <p>Time to first token is the sum of its terms; the margin is what was learnt to add before
 * comparing with the objective.
 *
 * @param roundTripMillis network
 * @param queueMillis work ahead of it, by report and by our own reservations
 * @param prefillMillis reading its uncached input
 * @param uncertaintyMillis what the age of the last report adds
 * @param marginMillis the learnt margin
 * @param tpotMillis time per output token in the batch it would join
 * @param priceNanoUsd what it would cost, nano-dollars; prepaid tokens cost 0
 */
public record Prediction(
    double roundTripMillis,
    double queueMillis,
    double prefillMillis,
    double uncertaintyMillis,
    double marginMillis,
    double tpotMillis,
    double priceNanoUsd) {
  /** Time to first token without the margin, milliseconds. */
  public double ttftMillis() {
    return roundTripMillis + queueMillis + prefillMillis + uncertaintyMillis;
  }
}
