package dev.spillway.app.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import dev.spillway.app.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The partner's agent as a partner runs it: {@code spillway site}, a process of its own, that joins
 * with a token of the hub.
 *
 * <p>It ends when its standard input does, which this process holds: so it is never left behind,
 * however this one ends.
 */
final class PartnerAgent implements AutoCloseable {
  private static final Pattern PAGE = Pattern.compile("its page is (http://\\S+:\\d+)\\.");
  private static final long END_WITHIN_SECONDS = 5;

  /** It lives for minutes and carries a laptop's load: quick to start matters more than to run. */
  private static final List<String> JAVA_OPTIONS =
      List.of(
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC",
          "-XX:+UseCompactObjectHeaders",
          "-Xmx256m",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  private final Process process;
  private final Path log;
  private final URI page;

  private PartnerAgent(Process process, Path log) throws IOException {
    this.process = process;
    this.log = log;
    this.page = page(process.inputReader());
  }

  /**
   * Starts it; it has joined, and dials, when this returns.
   *
   * @param config its {@code site.yaml}; what it keeps is in the same folder
   * @param token the hub's, good once
   * @throws IOException if it did not start or was not let in
   */
  static PartnerAgent start(Path config, String token) throws IOException {
    Path log = config.resolveSibling("agent.log");
    ProcessBuilder builder =
        new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    builder.command().addAll(JAVA_OPTIONS);
    builder.command().addAll(cache());
    builder
        .command()
        .addAll(
            List.of(
                Main.class.getName(), "site", "--config", config.toString(), "--until-stdin-ends"));
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    builder.environment().put("SPILLWAY_JOIN_TOKEN", token); // others can see a command line
    Process process = builder.redirectError(log.toFile()).start();
    try {
      return new PartnerAgent(process, log);
    } catch (IOException e) {
      process.destroyForcibly();
      throw new IOException("the partner's agent did not start: " + lastWords(log), e);
    }
  }

  /** Its process. */
  long pid() {
    return process.pid();
  }

  /** Where it shows the partner how it is. */
  URI page() {
    return page;
  }

  /** Fails if it has ended by itself. */
  void mustRun() throws IOException {
    if (!process.isAlive()) {
      throw new IOException("the partner's agent ended: " + lastWords(log));
    }
  }

  /** Ends it and waits for that; does nothing if it has ended. */
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(END_WITHIN_SECONDS, SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** What the build rehearsed, if this process starts from it, too. */
  private static List<String> cache() {
    String[] ours = ProcessHandle.current().info().arguments().orElse(new String[0]);
    return Stream.of(ours).filter(each -> each.startsWith("-XX:AOTCache=")).toList();
  }

  private static URI page(BufferedReader says) throws IOException {
    for (String line = says.readLine(); line != null; line = says.readLine()) {
      Matcher page = PAGE.matcher(line);
      if (page.find()) {
        return URI.create(page.group(1));
      }
    }
    throw new IOException("it ended before it dialled");
  }

  private static String lastWords(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log, UTF_8);
    return lines.isEmpty() ? "it said nothing" : lines.getLast();
  }
}
