package dev.spillway.simulator.engine;

import dev.spillway.simulator.engine.RecordedRun.Latency;
import java.util.List;
import java.util.Locale;

/**
 * Finds the coefficients of {@link EngineCatalog}'s measured profiles; run by hand, prints them.
 *
 * <p>The runs say when each request got its first and its last token, not how long iterations took,
 * so the whole model is run and its coefficients are moved until the requests come out right: a
 * pattern search on the logarithms of the five (Hooke and Jeeves, J. ACM 1961), from the same rough
 * guess for all runs, minimising
 *
 * <pre>
 *   mean |ttft - measured| / mean measured ttft + mean |tpot - measured| / mean measured tpot
 * </pre>
 *
 * <p>The base time is held above that of reading the weights once: loaded runs say little about it,
 * and a fit left alone puts it lower than physics allows.
 *
 * <p>It then fits to the first half of the requests only and scores the second, which says how much
 * of the agreement is more than having been fitted.
 *
 * <p>{@code mvn -pl simulator -am test-compile}, then {@code java -cp ... StepTimeFit}.
 */
final class StepTimeFit {
  private static final double FIRST_STEP = 0.5;
  private static final double LAST_STEP = 0.001;

  private final ValidationCase run;
  private final List<Latency> measured;
  private final int from;
  private final int to;

  /** Scores the requests from {@code from} up to {@code to}; all of them are always run. */
  private StepTimeFit(ValidationCase run, int from, int to) {
    this.run = run;
    this.from = from;
    this.to = to;
    this.measured = run.recorded().measured();
  }

  public static void main(String[] args) {
    for (ValidationCase run : ValidationCase.ALL) {
      int requests = run.recorded().requests().size();
      var all = new StepTimeFit(run, 0, requests);
      var firstHalf = new StepTimeFit(run, 0, requests / 2);
      var secondHalf = new StepTimeFit(run, requests / 2, requests);
      StepTime start = new StepTime(1.1 * run.weightsMicros(), 100, 0.005, 50, 0.1);
      StepTime found = all.search(start);
      System.out.println(run.profile().name() + " " + found);
      System.out.printf(
          Locale.ROOT,
          "  loss %.3f; fitted to the first half %.3f, then on the second %.3f%n",
          all.loss(found),
          firstHalf.loss(firstHalf.search(start)),
          secondHalf.loss(firstHalf.search(start)));
    }
  }

  private StepTime search(StepTime from) {
    double[] best = logs(from);
    double bestLoss = loss(times(best));
    for (double step = FIRST_STEP; step > LAST_STEP; ) {
      boolean improved = false;
      for (int i = 0; i < best.length; i++) {
        for (double direction : new double[] {step, -step}) {
          double[] tried = best.clone();
          tried[i] += direction;
          double loss = loss(times(tried));
          if (loss < bestLoss) {
            best = tried;
            bestLoss = loss;
            improved = true;
          }
        }
      }
      step = improved ? step : step / 2;
    }
    return times(best);
  }

  private double loss(StepTime stepTime) {
    if (stepTime.baseMicros() < run.weightsMicros()) {
      return Double.POSITIVE_INFINITY;
    }
    List<Latency> simulated = run.simulate(run.profile().withStepTime(stepTime));
    double ttftError = 0;
    double tpotError = 0;
    double ttft = 0;
    double tpot = 0;
    for (int i = from; i < to; i++) {
      ttftError += Math.abs(simulated.get(i).ttft() - measured.get(i).ttft());
      tpotError += Math.abs(simulated.get(i).tpot() - measured.get(i).tpot());
      ttft += measured.get(i).ttft();
      tpot += measured.get(i).tpot();
    }
    return ttftError / ttft + tpotError / tpot;
  }

  private static double[] logs(StepTime t) {
    return new double[] {
      Math.log(t.baseMicros()),
      Math.log(t.perPrefillTokenMicros()),
      Math.log(t.perPrefillContextMicros()),
      Math.log(t.perDecodeMicros()),
      Math.log(t.perDecodeContextMicros())
    };
  }

  private static StepTime times(double[] logs) {
    return new StepTime(
        Math.exp(logs[0]),
        Math.exp(logs[1]),
        Math.exp(logs[2]),
        Math.exp(logs[3]),
        Math.exp(logs[4]));
  }
}
