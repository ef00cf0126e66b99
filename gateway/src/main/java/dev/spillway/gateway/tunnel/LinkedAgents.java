package dev.spillway.gateway.tunnel;

import dev.spillway.core.model.SiteId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The running agents that are linked, by site. An agent is known for as long as it has a connection
 * that said whose it is.
 *
 * <p>A connection comes or goes, and its agent with it, in one step for each site: done apart, an
 * agent whose next connection comes while its last one goes would be forgotten though it is linked.
 *
 * <p>May be used by any thread.
 */
final class LinkedAgents {
  private static final Logger LOG = System.getLogger(LinkedAgents.class.getName());

  /** Of one key: more are not run beside one another, and each is listed and asked. */
  private static final int MOST_OF_A_KEY = 8;

  private final ConcurrentMap<SiteId, List<AgentLinks>> sites = new ConcurrentHashMap<>();

  /** Those of a site, in the order in which they came. */
  List<AgentLinks> of(SiteId site) {
    List<AgentLinks> agents = sites.get(site);
    return agents == null ? List.of() : agents;
  }

  void forEach(Consumer<AgentLinks> action) {
    sites.values().forEach(agents -> agents.forEach(action));
  }

  /**
   * A connection of an agent comes.
   *
   * @param comes adds it; must not block
   * @return all of the agent's; null if too many of its key are linked: then none came
   */
  @Nullable AgentLinks joined(AgentTrust.Agent agent, String instance, Consumer<AgentLinks> comes) {
    AtomicBoolean fresh = new AtomicBoolean();
    List<AgentLinks> agents =
        sites.compute(
            agent.site(),
            (site, before) -> {
              List<AgentLinks> now = before == null ? List.of() : before;
              AgentLinks links = find(now, agent, instance);
              if (links == null && ofKey(now, agent) >= MOST_OF_A_KEY) {
                return before;
              }
              if (links == null) {
                fresh.set(true);
                links = new AgentLinks(agent, instance);
                now = with(now, links);
              }
              comes.accept(links);
              return now;
            });
    if (fresh.get()) {
      LOG.log(Level.INFO, "{0}: agent {1} is linked", agent.site(), instance);
    }
    return agents == null ? null : find(agents, agent, instance);
  }

  /**
   * A connection of an agent goes.
   *
   * @param goes takes it away; must not block
   */
  void left(AgentLinks agent, Consumer<AgentLinks> goes) {
    AtomicBoolean last = new AtomicBoolean();
    sites.compute(
        agent.agent().site(),
        (site, before) -> {
          goes.accept(agent);
          if (before == null || !agent.isEmpty() || !before.contains(agent)) {
            return before;
          }
          last.set(true);
          List<AgentLinks> now = before.stream().filter(each -> !each.equals(agent)).toList();
          return now.isEmpty() ? null : now;
        });
    if (last.get()) {
      LOG.log(
          agent.isDraining() ? Level.INFO : Level.WARNING,
          "{0}: agent {1} is linked no more",
          agent.agent().site(),
          agent.instance());
    }
  }

  private static List<AgentLinks> with(List<AgentLinks> before, AgentLinks fresh) {
    List<AgentLinks> now = new ArrayList<>(before);
    now.add(fresh);
    return List.copyOf(now);
  }

  private static long ofKey(List<AgentLinks> agents, AgentTrust.Agent agent) {
    return agents.stream().filter(each -> each.agent().equals(agent)).count();
  }

  private static @Nullable AgentLinks find(
      List<AgentLinks> agents, AgentTrust.Agent agent, String instance) {
    for (AgentLinks each : agents) {
      if (each.instance().equals(instance) && each.agent().equals(agent)) {
        return each;
      }
    }
    return null;
  }
}
