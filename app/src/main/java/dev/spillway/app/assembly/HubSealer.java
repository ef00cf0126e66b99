package dev.spillway.app.assembly;

import dev.spillway.core.policy.Ask;
import dev.spillway.core.seal.Facts;
import dev.spillway.core.seal.Seal;
import dev.spillway.core.seal.SealKey;
import dev.spillway.gateway.auth.FactSealer;

/** Seals facts under the platform's key, and the contract that is in force. */
final class HubSealer implements FactSealer {
  private final SealKey key;
  private final String contract;

  HubSealer(SealKey key, String contract) {
    this.key = key;
    this.contract = contract;
  }

  @Override
  public String seal(Ask ask, String attemptId, long atEpochSecond) {
    return Seal.of(new Facts(ask, contract, attemptId, atEpochSecond), key);
  }
}
