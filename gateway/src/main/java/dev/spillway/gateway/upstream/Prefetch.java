package dev.spillway.gateway.upstream;

import java.util.ArrayList;
import java.util.List;

/**
 * The objects that deal with each chunk of one stream, so that they can be fetched into the
 * processor's caches all at once, before the chunk is read.
 *
 * <p>Why: a chunk of one stream in a thousand finds nothing of its stream in the caches. Its way
 * leads from object to object, and at each the processor would wait for memory, since only there it
 * learns which is the next: some twenty times, for half of the time that a chunk takes. Named
 * beforehand, none of them waits for another.
 *
 * <p>What is left out costs one wait and nothing else; so does what was replaced since. Event loop
 * only.
 */
public final class Prefetch {
  static final Wide[] NO_WIDE = {};

  private final List<Object> objects = new ArrayList<>(32);
  private final List<Wide> wide = new ArrayList<>();

  /** One that is longer than a line of the caches, which its first word does not fetch whole. */
  public interface Wide {
    /** Reads a field near its end. */
    boolean touch();
  }

  /** One more. */
  public void add(Object object) {
    objects.add(object);
    if (object instanceof Wide one) {
      wide.add(one);
    }
  }

  Object[] all() {
    return objects.toArray();
  }

  Wide[] wide() {
    return wide.toArray(NO_WIDE);
  }
}
