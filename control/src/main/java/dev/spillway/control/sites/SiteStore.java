package dev.spillway.control.sites;

import dev.spillway.core.model.SiteId;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where a hub keeps what it knows of its agents.
 *
 * <p>Several processes may use one at once: the hub, and commands beside it. Every method is atomic
 * and blocks.
 */
public interface SiteStore {
  /**
   * The secret text of this name; made if there is none, once, whoever comes first.
   *
   * @throws IOException if it cannot be read or kept, or if others could read it
   */
  String secret(String name, Supplier<String> make) throws IOException;

  /** Keeps a token by its hash. */
  void put(String tokenHash, JoinGrant grant) throws IOException;

  /** What a token would let in, if it is there and unused. */
  Optional<JoinGrant> find(String tokenHash) throws IOException;

  /** Uses a token up, for the agent of this key; true for one caller only. */
  boolean use(String tokenHash, String keyId) throws IOException;

  /** Who used a token up, by key id, as long as that is remembered; empty if nobody did. */
  Optional<String> usedBy(String tokenHash) throws IOException;

  /** Forgets the tokens of a site that nobody has used; how many there were. */
  int withdrawTokens(SiteId site) throws IOException;

  /** Forgets tokens that expired before this. */
  void forgetTokens(Instant before) throws IOException;

  /** Keeps an agent, in place of what was kept of it. */
  void put(AgentRecord agent) throws IOException;

  /** The agent of this key, told to leave or not. */
  Optional<AgentRecord> agent(String keyId) throws IOException;

  /** All agents, by key id. */
  List<AgentRecord> agents() throws IOException;
}
