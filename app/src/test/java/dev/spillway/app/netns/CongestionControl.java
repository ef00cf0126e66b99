package dev.spillway.app.netns;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** How TCP sends between hub and site. */
final class CongestionControl {
  private CongestionControl() {}

  /** Connections for which nobody asks for another begin with this. */
  static void begin(Namespaces spaces, String name) {
    route(spaces, "congctl", name);
  }

  /** New connections use this, whatever the processes ask for. */
  static void lock(Namespaces spaces, String name) {
    route(spaces, "congctl", "lock", name);
  }

  /** What links use now, at both ends. */
  static Set<String> used(Namespaces spaces) {
    Set<String> found = new TreeSet<>();
    for (String each : List.of("hub", "site")) {
      String sockets = spaces.output(each, "ss", "-HOtin", "state", "established");
      sockets
          .lines()
          .filter(line -> line.contains(":" + LinkedProcesses.LINKS))
          .forEach(
              line -> Stream.of("bbr", "cubic", "reno").filter(line::contains).forEach(found::add));
    }
    return found;
  }

  private static void route(Namespaces spaces, String... options) {
    for (List<String> ends : List.of(List.of("hub", "site"), List.of("site", "hub"))) {
      List<String> command =
          new ArrayList<>(List.of("ip", "route", "change", "10.77.1.0/24", "dev", ends.get(1)));
      command.addAll(List.of(options));
      spaces.output(ends.get(0), command.toArray(String[]::new));
    }
  }
}
