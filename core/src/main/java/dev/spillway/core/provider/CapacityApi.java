package dev.spillway.core.provider;

/**
 * What a provider lets us see of one deployment's capacity: the control plane's port.
 *
 * <p>Every method blocks, on a virtual thread; interrupting that thread cancels the call.
 */
public interface CapacityApi {
  /**
   * Reads how busy the engines are now.
   *
   * @throws ProviderException if the provider did not answer as asked
   * @throws InterruptedException if the calling thread was interrupted
   */
  EngineReport read() throws ProviderException, InterruptedException;
}
