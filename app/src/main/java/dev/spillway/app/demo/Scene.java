package dev.spillway.app.demo;

import java.time.Duration;

/**
 * A part of the story.
 *
 * @param title one word
 * @param what it shows, one line
 * @param length how long it plays
 * @param speed how many times faster than recorded the load comes
 * @param home what happens to home as it begins
 */
record Scene(String title, String what, Duration length, double speed, Home home) {
  /** What happens to home. */
  enum Home {
    STAYS,
    DIES,
    COMES_BACK
  }

  static Scene calm() {
    return new Scene("calm", "home serves everything", Duration.ofSeconds(10), 1.5, Home.STAYS);
  }

  static Scene surge() {
    return new Scene(
        "surge",
        "more than home bought: the margin goes to the partner before home says 429",
        Duration.ofSeconds(18),
        6,
        Home.STAYS);
  }

  static Scene outage() {
    return new Scene(
        "outage",
        "home dies in mid-surge: every connection drops, the port is closed",
        Duration.ofSeconds(9),
        6,
        Home.DIES);
  }

  static Scene comeback() {
    return new Scene(
        "return",
        "home is up again: held down for 5 s, then ramped",
        Duration.ofSeconds(18),
        3,
        Home.COMES_BACK);
  }
}
