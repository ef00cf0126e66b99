package dev.spillway.core.provider;

/**
 * What one engine lets us see of what it serves.
 *
 * <p>Every method blocks, on a virtual thread; interrupting that thread cancels the call.
 */
public interface ModelsApi {
  /**
   * Reads what it serves now; what it answers and cannot be understood is not known.
   *
   * @throws ProviderException if it did not answer, or not yet: what was known may still hold
   * @throws InterruptedException if the calling thread was interrupted
   */
  EngineModels read() throws ProviderException, InterruptedException;
}
