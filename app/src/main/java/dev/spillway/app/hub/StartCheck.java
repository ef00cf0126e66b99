package dev.spillway.app.hub;

import dev.spillway.app.assembly.Generations;
import dev.spillway.app.assembly.SecretReader;
import dev.spillway.app.config.ConfigFile;
import dev.spillway.app.config.SpillwayConfig;
import dev.spillway.app.yaml.Bound;
import dev.spillway.app.yaml.InvalidFileException;
import dev.spillway.app.yaml.Problem;
import dev.spillway.control.sites.Authority;
import dev.spillway.control.sites.FileSiteStore;
import dev.spillway.gateway.ServerCertificate;
import dev.spillway.gateway.UnusableCertificateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Reads what a configuration names beside itself, as a start does, and starts nothing. */
public final class StartCheck {
  private StartCheck() {}

  /**
   * Reads certificates and secrets; makes and changes nothing. Blocks.
   *
   * @param file of the configuration: how errors call it, and what paths in it are relative to
   * @param text what it says
   * @throws InvalidFileException if a start would refuse it; it names every problem with its line
   * @throws InterruptedException if the calling thread was interrupted
   */
  public static void secrets(Path file, byte[] text)
      throws InvalidFileException, InterruptedException {
    String name = file.toString();
    Path folder = Settings.folderOf(file);
    List<Problem> problems = new ArrayList<>(certificates(ConfigFile.read(name, text), folder));
    SecretReader secrets = new SecretReader(folder, System.getenv());
    try {
      var _ = new Generations(name, secrets).next(null, text, Instant.now());
    } catch (InvalidFileException e) {
      problems.addAll(e.problems());
    }
    requireUsable(name, problems);
  }

  /** What is wrong with the certificates that a configuration names; blocks. */
  static List<Problem> certificates(Bound<SpillwayConfig> bound, Path folder) {
    List<Problem> problems = new ArrayList<>();
    var tls = bound.value().listen().tls();
    if (tls != null) {
      try {
        ServerCertificate.read(folder.resolve(tls.certificate()), folder.resolve(tls.key()));
      } catch (UnusableCertificateException e) {
        problems.add(bound.places().problem(e.key(), e.found()));
      }
    }
    Path store = Settings.linkStore(bound.value(), folder);
    if (store != null) {
      links(bound, store, folder, problems);
    }
    return problems;
  }

  static void requireUsable(String file, List<Problem> problems) throws InvalidFileException {
    if (!problems.isEmpty()) {
      throw new InvalidFileException(file, problems);
    }
  }

  private static void links(
      Bound<SpillwayConfig> bound, Path store, Path folder, List<Problem> problems) {
    Path authority = Settings.linkAuthority(bound.value(), folder);
    if (authority != null) {
      try {
        Authority.in(authority);
      } catch (IOException e) {
        problems.add(bound.places().problem("listen.link-authority", said(e)));
      }
    }
    if (Files.exists(store)) { // else a start makes it
      try {
        FileSiteStore.requireOwnerOnly(store);
      } catch (IOException e) {
        problems.add(bound.places().problem("listen.link-store", said(e)));
      }
    }
  }

  private static String said(IOException e) {
    return String.valueOf(e.getMessage());
  }
}
