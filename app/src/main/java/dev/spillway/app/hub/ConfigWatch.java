package dev.spillway.app.hub;

import dev.spillway.app.assembly.Generations;
import dev.spillway.gateway.ServerCertificate;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Puts a file in force whenever it changes, or when somebody asks.
 *
 * <p>It looks at the file's content, once a second: no time stamp is trusted, and links that are
 * switched under a mounted file (as Kubernetes does) are seen like any other change. Files with
 * secrets and the data port's certificate are looked at with it; what a command printed, or the
 * environment holds, is read anew when somebody asks. What became of it is said once, not every
 * second.
 */
public final class ConfigWatch implements AutoCloseable {
  private static final Logger LOG = System.getLogger(ConfigWatch.class.getName());

  private final Hub hub;
  private final Path file;
  private final Duration every;
  private final Semaphore asked = new Semaphore(0);
  private final Thread thread;
  private String seen;

  /** Starts to watch a file whose present content is in force. */
  public ConfigWatch(Hub hub, Path file, Duration every) {
    this.hub = hub;
    this.file = file;
    this.every = every;
    this.seen = hub.inForce().version();
    this.thread = Thread.ofVirtual().name("config-watch").start(this::watch);
  }

  /** Reads the file again, changed or not, and with it the secrets that it names. */
  public void reloadNow() {
    asked.release();
  }

  /** Stops watching. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // it was told; whoever stops us does not wait
    }
  }

  private void watch() {
    try {
      while (true) {
        boolean now = asked.tryAcquire(every.toMillis(), TimeUnit.MILLISECONDS);
        lookAtAll(now ? Look.WHATEVER_IT_SAYS : Look.IF_CHANGED);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // told to stop
    }
  }

  /** A file that shows a defect of ours must not be the last that is looked at. */
  private void lookAtAll(Look look) throws InterruptedException {
    try {
      look(look);
      tell(hub.renewCertificate());
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, file + ": cannot be put in force; what is in force stays", e);
    }
  }

  private enum Look {
    IF_CHANGED,
    WHATEVER_IT_SAYS
  }

  private void look(Look look) throws InterruptedException {
    String found;
    byte[] text;
    try {
      text = Files.readAllBytes(file);
      found = Generations.version(text);
    } catch (IOException e) {
      text = new byte[0];
      found = "unreadable: " + e.getClass().getSimpleName();
    }
    boolean changed = !found.equals(seen) || hub.haveSecretsChanged();
    if (look == Look.IF_CHANGED && !changed) {
      return;
    }
    seen = found;
    if (found.startsWith("unreadable")) {
      LOG.log(Level.WARNING, "{0} is {1}; what is in force stays", file, found);
    } else {
      tell(hub.reload(text));
    }
  }

  private static void tell(ServerCertificate.Renewal renewal) {
    switch (renewal) {
      case ServerCertificate.Renewal.Unchanged _ -> {}
      case ServerCertificate.Renewal.InForce(var until) ->
          LOG.log(Level.INFO, "listen.tls: a new certificate is in force, until {0}", until);
      case ServerCertificate.Renewal.Refused(var why) ->
          LOG.log(Level.ERROR, "{0}; the certificate that is in force stays", why);
    }
  }

  private void tell(Reload reload) {
    switch (reload) {
      case Reload.InForce(var version, var needRestart) -> {
        LOG.log(Level.INFO, "{0}: version {1} is in force", file, version);
        if (!needRestart.isEmpty()) {
          LOG.log(
              Level.WARNING,
              "{0}: {1} changed; that is read at the next start",
              file,
              String.join(" and ", needRestart));
        }
      }
      case Reload.Refused(var problems) ->
          LOG.log(
              Level.ERROR,
              "{0} was refused; version {1} stays in force\n{2}",
              file,
              hub.inForce().version(),
              problems);
    }
  }
}
