package dev.spillway.app.netns;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.opentest4j.TestAbortedException;

/**
 * Network namespaces of this machine, and the wires between them; all gone after {@link #close},
 * and when the JVM ends.
 *
 * <p>Their names carry this process's id, so that runs beside one another do not meet.
 */
final class Namespaces implements AutoCloseable {
  private static final String PREFIX = "spillway-" + ProcessHandle.current().pid() + "-";
  private static final long COMMAND_WITHIN_SECONDS = 20;

  private final Deque<String> made = new ArrayDeque<>();
  private final Deque<String> devicesHere = new ArrayDeque<>();
  private final Thread atExit = new Thread(this::deleteAll);

  /** How a command ended. */
  record Outcome(int status, String output) {}

  /**
   * None yet.
   *
   * @throws TestAbortedException with the reason, if this machine does not permit any; whatever
   *     else is missing fails
   */
  Namespaces() {
    boolean linux = System.getProperty("os.name").equals("Linux");
    if (!linux || !System.getProperty("user.name").equals("root")) {
      throw skipped("network namespaces are for root on Linux");
    }
    String probe = PREFIX + "probe";
    Outcome outcome = tried("ip", "netns", "add", probe);
    if (outcome.status() != 0) {
      throw refused(outcome.output());
    }
    run("ip", "netns", "delete", probe);
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** Makes one, with its loopback up. */
  void add(String name) {
    run("ip", "netns", "add", PREFIX + name);
    made.push(name);
    run(in(name, "ip", "link", "set", "lo", "up"));
  }

  /** Lays a wire between two; each end is named as the other side and has an address of a /24. */
  void wire(String one, String addressOfOne, String other, String addressOfOther) {
    run(
        List.of(
            "ip",
            "link",
            "add",
            other,
            "netns",
            PREFIX + one,
            "type",
            "veth",
            "peer",
            "name",
            one,
            "netns",
            PREFIX + other));
    up(one, other, addressOfOne, 24);
    up(other, one, addressOfOther, 24);
  }

  /** Lays a wire from this process's own namespace to another; addresses of a /30. */
  void wireHere(String device, String address, String other, String addressOfOther) {
    run(
        List.of(
            "ip",
            "link",
            "add",
            device,
            "type",
            "veth",
            "peer",
            "name",
            "tests",
            "netns",
            PREFIX + other));
    devicesHere.push(device);
    run("ip", "address", "add", address + "/30", "dev", device);
    run("ip", "link", "set", device, "up");
    up(other, "tests", addressOfOther, 30);
  }

  /** Takes a device of this process's own namespace into one, under another name. */
  void take(String name, String device, String as, String address) {
    run("ip", "link", "set", device, "netns", PREFIX + name, "name", as);
    up(name, as, address, 24);
  }

  /** Drops, with no word to anybody, what comes in and these conditions of nft hold for. */
  void drop(String name, String... conditions) {
    input(name, "drop", conditions);
  }

  /** Answers with a reset what comes in and these conditions of nft hold for. */
  void reset(String name, String... conditions) {
    input(name, "reject with tcp reset", conditions);
  }

  /** Everything comes in again. */
  void mend(String name) {
    tried(in(name, "nft", "delete", "table", "inet", "faults"));
  }

  /** Runs a command in one; its output. */
  String output(String name, String... command) {
    return run(in(name, command)).output();
  }

  /** A command as it is run in one. */
  List<String> in(String name, String... command) {
    List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", PREFIX + name));
    all.addAll(List.of(command));
    return all;
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(atExit);
    deleteAll();
  }

  /** A namespace goes some time after it was deleted; what reaches into this one goes at once. */
  private void deleteAll() {
    while (!devicesHere.isEmpty()) {
      tried("ip", "link", "delete", devicesHere.pop());
    }
    while (!made.isEmpty()) {
      tried("ip", "netns", "delete", PREFIX + made.pop());
    }
  }

  private void input(String name, String verdict, String... conditions) {
    mend(name);
    StringBuilder rules = new StringBuilder();
    for (String each : conditions) {
      rules.append(each).append(' ').append(verdict).append("; ");
    }
    String chain = "type filter hook input priority 0; ";
    run(in(name, "nft", "table inet faults { chain in { " + chain + rules + "}; }"));
  }

  private void up(String name, String device, String address, int bits) {
    run(in(name, "ip", "address", "add", address + "/" + bits, "dev", device));
    run(in(name, "ip", "link", "set", device, "up"));
  }

  /** Says why a row of the fault table is not tested here. */
  static TestAbortedException skipped(String reason) {
    System.out.println("FAULT TABLE | skipped: " + reason);
    return new TestAbortedException(reason);
  }

  private static RuntimeException refused(String why) {
    String lower = why.toLowerCase(Locale.ROOT);
    if (lower.contains("permi") || lower.contains("read-only")) {
      return skipped("network namespaces are not permitted here: " + why.strip());
    }
    return new IllegalStateException("ip netns add: " + why);
  }

  private static Outcome run(String... command) {
    return run(List.of(command));
  }

  private static Outcome run(List<String> command) {
    Outcome outcome = tried(command);
    if (outcome.status() != 0) {
      throw new IllegalStateException(String.join(" ", command) + ": " + outcome.output());
    }
    return outcome;
  }

  private static Outcome tried(String... command) {
    return tried(List.of(command));
  }

  private static Outcome tried(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      if (!process.waitFor(COMMAND_WITHIN_SECONDS, SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException(String.join(" ", command) + ": does not end");
      }
      return new Outcome(process.exitValue(), output);
    } catch (IOException e) {
      throw new IllegalStateException(
          command.getFirst() + " cannot be run (expected: iproute2 and nftables installed)", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted: " + String.join(" ", command), e);
    }
  }
}
