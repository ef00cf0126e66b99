package dev.spillway.app.assembly;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.spillway.app.config.SecretSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.regex.Pattern;

/** Reads secrets from where the configuration says they are; blocks. One thread at a time. */
public final class SecretReader {
  private static final int MAX_BYTES = 64 * 1_024;
  private static final Duration COMMAND_WITHIN = Duration.ofSeconds(10);

  /** A variable that is set before a command has its value behind the sign. */
  private static final Pattern WORD_END = Pattern.compile("[\\s=]");

  private final Path folder;
  private final Map<String, String> environment;
  private final Duration commandWithin;

  /** What files said when they were last looked at, as a digest of it. */
  private final Map<Path, String> seen = new HashMap<>();

  /**
   * Reads for a configuration.
   *
   * @param folder what files are relative to
   * @param environment where variables are looked up
   */
  public SecretReader(Path folder, Map<String, String> environment) {
    this(folder, environment, COMMAND_WITHIN);
  }

  /** The same, for tests that do not want to wait for so long. */
  SecretReader(Path folder, Map<String, String> environment, Duration commandWithin) {
    this.folder = folder;
    this.environment = Map.copyOf(environment);
    this.commandWithin = commandWithin;
  }

  /**
   * Reads one.
   *
   * @throws UnreadableSecretException if it is not there or cannot be a secret
   * @throws InterruptedException if the calling thread was interrupted
   */
  public Secret read(SecretSource source) throws UnreadableSecretException, InterruptedException {
    if (source.env() != null) {
      return secret("variable " + source.env().value(), variable(source.env().value()));
    } else if (source.file() != null) {
      Path file = folder.resolve(source.file());
      return secret("file " + file, content(file));
    }
    return secret(shown(source.command()), output(source.command()));
  }

  /**
   * Whether a file that was asked for, there or not, says something else by now; each change is
   * told once.
   */
  public boolean hasAnyChanged() {
    boolean changed = false;
    for (Map.Entry<Path, String> each : seen.entrySet()) {
      String now = digest(each.getKey());
      changed |= !now.equals(each.getValue());
      each.setValue(now);
    }
    return changed;
  }

  private static String digest(Path file) {
    try {
      return Generations.version(bytes(file));
    } catch (IOException e) {
      return unreadable(e);
    }
  }

  private static String unreadable(IOException e) {
    return "unreadable: " + e.getClass().getSimpleName();
  }

  private static byte[] bytes(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(MAX_BYTES);
    }
  }

  private static Secret secret(String where, String text) throws UnreadableSecretException {
    try {
      return new Secret(text.strip());
    } catch (IllegalArgumentException e) {
      throw new UnreadableSecretException(where + ": " + e.getMessage());
    }
  }

  private String variable(String name) throws UnreadableSecretException {
    String value = environment.get(name);
    if (value == null) {
      throw new UnreadableSecretException("variable " + name + " is not set (expected: a secret)");
    }
    return value;
  }

  private String content(Path file) throws UnreadableSecretException {
    try {
      byte[] content = bytes(file);
      seen.put(file, Generations.version(content));
      return new String(content, UTF_8);
    } catch (IOException e) {
      seen.put(file, unreadable(e)); // it may come yet
      throw new UnreadableSecretException(
          "file " + file + " cannot be read (" + e.getClass().getSimpleName() + ")");
    }
  }

  private String output(List<String> command)
      throws UnreadableSecretException, InterruptedException {
    String what = shown(command);
    long end = System.nanoTime() + commandWithin.toNanos();
    Process process = started(command);
    try {
      BlockingQueue<String> printed = new ArrayBlockingQueue<>(1);
      // A thread of its own: while something holds the output open, it is not there for another.
      Thread.ofPlatform().daemon().name("secret-command").start(() -> printed.add(all(process)));
      if (!process.waitFor(commandWithin)) {
        throw new UnreadableSecretException(
            what + " did not end (expected: within " + commandWithin.toSeconds() + " s)");
      }
      if (process.exitValue() != 0) {
        throw new UnreadableSecretException(
            what + " ended with " + process.exitValue() + " (expected: 0)");
      }
      String all = printed.poll(end - System.nanoTime(), NANOSECONDS);
      if (all == null) {
        throw new UnreadableSecretException(
            what + " ended, and what it left running holds its output open (expected: closed)");
      }
      return all;
    } finally {
      process.destroyForcibly();
    }
  }

  /** Why it cannot be started the system says with all that was taken for the program's name. */
  private Process started(List<String> command) throws UnreadableSecretException {
    try {
      return new ProcessBuilder(command)
          .directory(folder.toAbsolutePath().toFile())
          .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException _) {
      throw new UnreadableSecretException(
          shown(command)
              + " cannot be started (expected: a program, and each argument for itself:"
              + " [PROGRAM, ARGUMENT])");
    }
  }

  /** The program alone, also of one written with its arguments, or variables, in a single text. */
  private static String shown(List<String> command) {
    return "command " + WORD_END.split(command.getFirst().strip(), 2)[0];
  }

  private static String all(Process process) {
    try (InputStream in = process.getInputStream()) {
      return new String(in.readNBytes(MAX_BYTES), UTF_8);
    } catch (IOException e) {
      return ""; // it was killed; whoever waits for it says so
    }
  }
}
