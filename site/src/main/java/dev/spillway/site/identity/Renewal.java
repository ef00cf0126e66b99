package dev.spillway.site.identity;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Keeps the certificate young: renews it when a third of its life is over, and tries on while the
 * hub forgives.
 *
 * <p>A virtual thread of its own; whoever dials reads the identity that is in force.
 */
public final class Renewal implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Renewal.class.getName());
  private static final Duration LOOK_AT_MOST = Duration.ofMinutes(1);

  private final IdentityFolder folder;
  private final HubDoor door;
  private final AtomicReference<SiteIdentity> identity;
  private final Clock clock;
  private final Thread thread;

  /** Starts to look after this identity. */
  public Renewal(
      IdentityFolder folder, HubDoor door, AtomicReference<SiteIdentity> identity, Clock clock) {
    this.folder = folder;
    this.door = door;
    this.identity = identity;
    this.clock = clock;
    this.thread = Thread.ofVirtual().name("renewal").start(this::run);
  }

  /** When the certificate is to be replaced: a third of the way from now-valid to its end. */
  public static Instant due(SiteIdentity identity) {
    Instant from = identity.certificate().getNotBefore().toInstant();
    Instant until = identity.certificate().getNotAfter().toInstant();
    return from.plus(Duration.between(from, until).dividedBy(3));
  }

  /**
   * Renews now if it is due.
   *
   * @throws EnrolmentException if the hub cannot be reached, or refuses
   * @throws IOException if the new certificate cannot be kept
   * @throws InterruptedException if the calling thread was interrupted
   */
  public static void renewIfDue(
      IdentityFolder folder, HubDoor door, AtomicReference<SiteIdentity> identity, Instant now)
      throws EnrolmentException, IOException, InterruptedException {
    SiteIdentity old = identity.get();
    if (!now.isBefore(due(old))) {
      SiteIdentity renewed = door.renew(old);
      folder.save(renewed);
      identity.set(renewed);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void run() {
    boolean worked = true;
    try {
      while (true) {
        worked = look(worked);
        Duration untilDue = Duration.between(clock.instant(), due(identity.get()));
        boolean soon = untilDue.compareTo(LOOK_AT_MOST) < 0;
        Thread.sleep(soon && untilDue.isPositive() ? untilDue : LOOK_AT_MOST);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // told to stop; nothing is half done
    }
  }

  /** Logs a change only: a hub that is gone for a day is one line. */
  private boolean look(boolean worked) throws InterruptedException {
    try {
      renewIfDue(folder, door, identity, clock.instant());
      return true;
    } catch (EnrolmentException | IOException e) {
      if (worked) {
        LOG.log(
            Level.WARNING,
            "certificate not renewed, tried again every minute; it ends at {0}: {1}",
            identity.get().certificate().getNotAfter().toInstant(),
            e.getMessage());
      }
      return false;
    }
  }
}
