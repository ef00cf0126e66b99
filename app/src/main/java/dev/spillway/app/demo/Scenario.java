package dev.spillway.app.demo;

import dev.spillway.simulator.report.LoadReport;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;

/** Which part of the story is played. */
public enum Scenario {
  /** All of it. */
  ALL,
  /** More load than home bought. */
  SURGE,
  /** Home dies under load. */
  OUTAGE,
  /** Two tenants that must never meet. */
  RIVAL,
  /** A class of work that stays at home. */
  PRETRAINING;

  /**
   * Plays it.
   *
   * @return what the load gave; of no request where it has none
   */
  public LoadReport play(Demo demo, DemoSites sites)
      throws IOException, InterruptedException, ExecutionException {
    if (sites.hasRealEngines()) {
      return demo.playGently();
    }
    LoadReport report = demo.play(scenes());
    if (this == ALL || this == PRETRAINING) {
      demo.pretraining();
    }
    if (this == ALL || this == RIVAL) {
      demo.rivals();
    }
    return report;
  }

  private List<Scene> scenes() {
    return switch (this) {
      case ALL -> List.of(Scene.calm(), Scene.surge(), Scene.outage(), Scene.comeback());
      case SURGE -> List.of(Scene.calm(), Scene.surge());
      case OUTAGE -> List.of(Scene.surge(), Scene.outage(), Scene.comeback());
      case RIVAL, PRETRAINING -> List.of();
    };
  }

  /** As it is typed. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
