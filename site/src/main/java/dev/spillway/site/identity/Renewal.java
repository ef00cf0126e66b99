package dev.spillway.site.identity;

import dev.spillway.site.identity.RenewalPlan.Validity;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the certificate young: renews it when a third of its life is over, at whichever hub does
 * it, and tries on while hubs forgive; takes one that came into the folder otherwise.
 *
 * <p>A virtual thread of its own; whoever dials reads the identity that is in force.
 */
public final class Renewal implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Renewal.class.getName());
  private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

  private final IdentityFolder folder;
  private final HubDoors doors;
  private final AtomicReference<SiteIdentity> identity;
  private final Clock clock;
  private final Trouble trouble = new Trouble();
  private final Trouble unreadable = new Trouble();
  private final Trouble unwritable = new Trouble();
  private final RenewalPlan plan = new RenewalPlan();
  private final Thread thread;
  private @Nullable SiteIdentity unsaved;

  /** Starts to look after this identity. */
  public Renewal(
      IdentityFolder folder, HubDoors doors, AtomicReference<SiteIdentity> identity, Clock clock) {
    this.folder = folder;
    this.doors = doors;
    this.identity = identity;
    this.clock = clock;
    this.thread = Thread.ofVirtual().name("renewal").start(this::run);
  }

  /**
   * When the certificate is to be replaced: a third of the way from when it was made to its end.
   */
  public static Instant due(SiteIdentity identity) {
    return Validity.of(identity).due();
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void run() {
    try {
      while (true) {
        look();
        Thread.sleep(LOOK_EVERY);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // told to stop; nothing is half done
    }
  }

  /** Logs a change only: hubs that are gone for a day are one line. */
  private void look() throws InterruptedException {
    takeWhatIsNewer();
    save();
    try {
      if (!plan.asks(Validity.of(identity.get()), clock.instant(), System.nanoTime())) {
        return;
      }
      renew();
      if (trouble.ends()) {
        LOG.log(Level.INFO, "certificate renewed; it ends at {0}", end());
      }
    } catch (EnrolmentException e) {
      if (trouble.isNews(String.valueOf(e.getMessage()))) {
        LOG.log(
            Level.WARNING,
            "certificate not renewed, tried again every minute; it ends at {0}: {1}",
            end(),
            e.getMessage());
      }
    }
  }

  /** What a hub signed is in force, whether or not it can be kept. */
  private void renew() throws EnrolmentException, InterruptedException {
    SiteIdentity renewed = doors.renew(identity.get());
    identity.set(renewed);
    plan.renewed(Validity.of(renewed), System.nanoTime());
    unsaved = renewed;
    save();
  }

  /** Tried at every look until it is kept, or another is in force. */
  private void save() {
    SiteIdentity fresh = unsaved;
    if (fresh == null) {
      return;
    }
    try {
      if (fresh.equals(identity.get())) {
        folder.save(fresh);
      }
      unsaved = null;
      if (unwritable.ends()) {
        LOG.log(Level.INFO, "the certificate in force is kept; it ends at {0}", end());
      }
    } catch (IOException e) {
      if (unwritable.isNews(e.getClass().getName())) { // its message names a file made up each time
        LOG.log(
            Level.WARNING,
            "certificate renewed, in force until {0}, but not kept, tried again every {1} s; until"
                + " then a restart has the one before: {2}",
            end(),
            LOOK_EVERY.toSeconds(),
            e.toString());
      }
    }
  }

  /**
   * Another agent of this folder has renewed, or somebody joined with it again. A folder that can
   * not be read is no reason not to renew: that writes it anew.
   */
  private void takeWhatIsNewer() {
    Optional<SiteIdentity> kept;
    try {
      kept = folder.load();
      unreadable.ends();
    } catch (IOException e) {
      if (unreadable.isNews(String.valueOf(e.getMessage()))) {
        LOG.log(Level.WARNING, "the certificate in force stays: {0}", e.getMessage());
      }
      return;
    }
    if (kept.isPresent() && kept.get().replaces(identity.get())) {
      identity.set(kept.get());
      trouble.ends();
      LOG.log(Level.INFO, "certificate taken from the folder of its state; it ends at {0}", end());
    }
  }

  private Instant end() {
    return identity.get().certificate().getNotAfter().toInstant();
  }
}
