package dev.spillway.wire.chat;

/**
 * What media are taken to cost in tokens, for routing and for prices, where no provider has counted
 * yet: constants, all of them here.
 */
public final class MediaEstimates {
  /** An image of 1024 x 1024 to look at: 85 + 4 tiles x 170 (OpenAI's vision guide). */
  public static final long SEEN_IMAGE_TOKENS = 765;

  /** An image of 1024 x 1024 to make, in medium quality (OpenAI's image generation guide). */
  public static final long MADE_IMAGE_TOKENS = 1_056;

  /**
   * Bytes of sound for a token to hear: a minute is some 1,000 tokens (0.006 $ at 6 $ a million),
   * and 960,000 bytes at 128 kbit/s. Of WAV, which is larger, this says too much.
   */
  public static final long HEARD_BYTES_PER_TOKEN = 1_000;

  /**
   * Bytes of sound for a token to speak: a minute is some 1,250 tokens (0.015 $ at 12 $ a million),
   * and 960,000 bytes at 128 kbit/s.
   */
  public static final long SPOKEN_BYTES_PER_TOKEN = 800;

  private MediaEstimates() {}
}
