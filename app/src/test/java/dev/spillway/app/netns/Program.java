package dev.spillway.app.netns;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/** A JVM of its own in a network namespace, and what it said, line by line. */
final class Program implements AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofSeconds(60);
  private static final String MUCH = "2g";

  private final String name;
  private final Process process;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition said = lock.newCondition();
  private final List<Line> lines = new ArrayList<>();
  private boolean ended;

  /** What it said, and when it was read here. */
  record Line(String text, long atNanos) {}

  private Program(String name, Process process) {
    this.name = name;
    this.process = process;
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    Thread.ofVirtual().name(name).start(this::read);
  }

  /**
   * Starts one.
   *
   * @param where in which namespace
   * @param heap for example 256m
   */
  static Program start(
      Namespaces all, String where, Path folder, String heap, Class<?> main, String... arguments) {
    return start(all.in(where, java(heap, main, arguments)), folder, main, arguments);
  }

  /** The same, in the namespace of this process. */
  static Program startHere(Path folder, Class<?> main, String... arguments) {
    return start(List.of(java(MUCH, main, arguments)), folder, main, arguments);
  }

  /** The same, for one whose work is no part of what is measured: others go first. */
  static Program startNicely(
      Namespaces all, String where, Path folder, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>(all.in(where, "nice", "-n", "5"));
    command.addAll(List.of(java(MUCH, main, arguments)));
    return start(command, folder, main, arguments);
  }

  private static Program start(
      List<String> command, Path folder, Class<?> main, String... arguments) {
    try {
      Process process =
          new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
      return new Program(main.getSimpleName() + " " + String.join(" ", arguments), process);
    } catch (IOException e) {
      throw new IllegalStateException("cannot be run: " + command, e);
    }
  }

  private static String[] java(String heap, Class<?> main, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx" + heap,
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(arguments));
    return command.toArray(String[]::new);
  }

  /** Waits until it says something that holds this, from now on or before. */
  Line awaitLine(String part) {
    return awaitLine(part, 0, READY_WITHIN);
  }

  /** The same, of lines after this many. */
  Line awaitLine(String part, int after, Duration within) {
    long left = within.toNanos();
    lock.lock();
    try {
      for (int i = after; ; i++) {
        while (i >= lines.size()) {
          if (ended || left <= 0) {
            throw new AssertionError(
                name + " did not say \"" + part + "\" within " + within + " but:\n" + text());
          }
          left = said.awaitNanos(left);
        }
        if (lines.get(i).text().contains(part)) {
          return lines.get(i);
        }
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      lock.unlock();
    }
  }

  /** Tells it something on its standard input. */
  void tell(String line) {
    try {
      process.getOutputStream().write((line + "\n").getBytes(UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new IllegalStateException(name + " does not listen:\n" + text(), e);
    }
  }

  /** Lines so far. */
  int lines() {
    lock.lock();
    try {
      return lines.size();
    } finally {
      lock.unlock();
    }
  }

  /** All that it said. */
  String text() {
    return text(0);
  }

  /** What it said after this many lines. */
  String text(int after) {
    lock.lock();
    try {
      return lines.stream().skip(after).map(Line::text).collect(Collectors.joining("\n"));
    } finally {
      lock.unlock();
    }
  }

  /** Waits until it has ended; its exit code. */
  int awaitEnd() {
    try {
      if (!process.waitFor(READY_WITHIN.toSeconds(), SECONDS)) {
        throw new AssertionError(name + " does not end:\n" + text());
      }
      lock.lock();
      try {
        while (!ended) {
          said.await();
        }
      } finally {
        lock.unlock();
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** As kill -9 does. */
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(READY_WITHIN.toSeconds(), SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read() {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        heard(line);
      }
    } catch (IOException _) {
      // It was killed.
    }
    lock.lock();
    try {
      ended = true;
      said.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void heard(String line) {
    lock.lock();
    try {
      lines.add(new Line(line, System.nanoTime()));
      said.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
