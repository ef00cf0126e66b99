package dev.spillway.site.tunnel;

import dev.spillway.wire.link.HubAddress;
import dev.spillway.wire.link.KnownHubs;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.PromiseCombiner;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Every hub that this agent links to: those it was told of, and the replicas that they announce.
 *
 * <p>What a hub announced counts while that hub is linked to by right: told of, or announced by one
 * that is. So a replica that its siblings name no longer is left alone, and so is whatever it named
 * itself; nothing else is ever dialled. What was announced last is known again after a start, when
 * the hubs of the agent's own configuration may be those that are down.
 *
 * <p>All that is kept here belongs to one event loop, which dials for all hubs.
 */
public final class Hubs {
  private static final Logger LOG = System.getLogger(Hubs.class.getName());

  private final LinkSetup setup;
  private final EventLoop loop;
  private final Supplier<? extends RandomGenerator> dice;
  private final Set<HubAddress> told;
  private final Consumer<KnownHubs> keeper;
  private final Map<HubAddress, List<HubAddress>> announced;
  private final ConcurrentMap<String, HubLinks> running = new ConcurrentHashMap<>();
  private volatile Map<HubAddress, HubLinks> links;
  private boolean stopped;

  /**
   * None dialled yet.
   *
   * @param told of in the agent's configuration
   * @param known from the last run
   * @param keeper keeps what is announced for the next one; must not block
   */
  public Hubs(
      LinkSetup setup,
      EventLoop loop,
      Supplier<? extends RandomGenerator> dice,
      Collection<HubAddress> told,
      KnownHubs known,
      Consumer<KnownHubs> keeper) {
    this.setup = setup;
    this.loop = loop;
    this.dice = dice;
    this.told = new LinkedHashSet<>(told);
    this.announced = new LinkedHashMap<>(known.announced());
    this.keeper = keeper;
    Map<HubAddress, HubLinks> first = new LinkedHashMap<>();
    wanted().forEach(each -> first.put(each, links(each)));
    this.links = Collections.unmodifiableMap(first);
  }

  /** Dials, and keeps the links up from now on; any thread. */
  public void start() {
    loop.execute(() -> links.values().forEach(HubLinks::start));
  }

  /** Tells every hub at once how this agent is, and dials no more; any thread. */
  public void drain() {
    loop.execute(() -> {
      stopped = true;
      links.values().forEach(HubLinks::drain);
    });
  }

  /**
   * Closes each connection when its hub has all that was sent on it, or after a while; any thread.
   *
   * @return done when all are closed
   */
  public Future<Void> leave(Duration within) {
    Promise<Void> left = loop.newPromise();
    loop.execute(() -> {
      stopped = true;
      PromiseCombiner all = new PromiseCombiner(loop);
      links.values().forEach(each -> each.leave(within.toMillis(), all));
      all.finish(left);
    });
    return left;
  }

  /** Closes every connection; any thread. */
  public void close() {
    loop.execute(() -> {
      stopped = true;
      links.values().forEach(HubLinks::close);
    });
  }

  /** Every hub that is dialled now, those told of first. */
  public List<HubAddress> addresses() {
    return List.copyOf(links.keySet());
  }

  /** How each is linked. */
  public List<HubLinks.View> views() {
    return links.values().stream().map(HubLinks::view).toList();
  }

  /** A hub said which replicas there are, itself or not; any thread. */
  void announced(HubAddress by, List<HubAddress> replicas) {
    loop.execute(() -> {
      boolean known = announced.getOrDefault(by, List.of()).equals(replicas);
      if (!known && !stopped && links.containsKey(by)) {
        announced.put(by, replicas);
        dialWhatIsWanted();
        announced.keySet().retainAll(links.keySet());
        keeper.accept(new KnownHubs(announced));
      }
    });
  }

  /**
   * Whether a running hub is to be linked by this address: by one only, though it may have two
   * names, and by none that was left while it was dialled; any thread.
   *
   * @param hub what it calls itself; null if it does not say
   */
  boolean claims(@Nullable String hub, HubLinks by) {
    if (!links.containsValue(by)) {
      return false;
    }
    HubLinks already = hub == null ? null : running.putIfAbsent(hub, by);
    return already == null || already.equals(by);
  }

  /** The control connection of an address is gone; any thread. */
  void left(HubLinks by) {
    running.values().remove(by);
  }

  private void dialWhatIsWanted() {
    Map<HubAddress, HubLinks> before = links;
    Map<HubAddress, HubLinks> after = new LinkedHashMap<>();
    for (HubAddress each : wanted()) {
      HubLinks known = before.get(each);
      if (known == null) {
        LOG.log(Level.INFO, "hub {0} is announced", each);
        known = links(each);
        known.start();
      }
      after.put(each, known);
    }
    links = Collections.unmodifiableMap(after);
    before.forEach((address, left) -> {
      if (!after.containsKey(address)) {
        LOG.log(Level.INFO, "hub {0} is announced no longer", address);
        left.retire();
      }
    });
  }

  private HubLinks links(HubAddress hub) {
    return new HubLinks(setup, hub, this, loop, dice.get());
  }

  private Set<HubAddress> wanted() {
    return new KnownHubs(announced).from(told);
  }
}
