package dev.spillway.wire.link;

/** What the two ends of a link write in heads, beside the request's and the answer's own. */
public final class LinkHeaders {
  /**
   * Of the request that opens a connection: which running hub this is, made up anew at each start.
   * An agent that reached it under two names keeps one of them.
   */
  public static final String HUB = "spillway-hub";

  /** Of an answer: which running agent this is, made up anew at each start: hex digits. */
  public static final String INSTANCE = "spillway-instance";

  /** Of an answer: what a connection is for, {@link #DATA} or {@link #CONTROL}. */
  public static final String KIND = "spillway-kind";

  /** A connection for requests. */
  public static final String DATA = "data";

  /** The connection for control messages. */
  public static final String CONTROL = "control";

  /** Of a request: which deployment is meant. */
  public static final String DEPLOYMENT = "spillway-deployment";

  /** Of a request: its facts, sealed for the site. */
  public static final String FACTS = "spillway-facts";

  /** Of a request: the queue that the hub expected at the site, microseconds. */
  public static final String EXPECTED_QUEUE = "spillway-expected-queue-us";

  /** Of a request: input tokens, estimated. */
  public static final String INPUT_TOKENS = "spillway-input-tokens";

  /**
   * Of an answer that may be kept: which replica keeps it, as the agent calls it; of a request: the
   * same of what it goes on from, or is about.
   */
  public static final String REPLICA = "spillway-replica";

  /**
   * Of an answer whose engine said how it ends, by a length or in chunks; its value means nothing.
   * The end of its stream is its end. Of any other nobody can tell a cut from the end.
   */
  public static final String FRAMED = "spillway-framed";

  /** Of an answer that the agent gave itself: the label of a {@link SiteRefusal}. */
  public static final String REFUSAL = "spillway-refusal";

  /** Of such an answer: the clause that refused. */
  public static final String CLAUSE = "spillway-clause";

  /** The stream that the hub opens first on every connection. */
  public static final String CONTROL_PATH = "/spillway/control";

  private LinkHeaders() {}
}
