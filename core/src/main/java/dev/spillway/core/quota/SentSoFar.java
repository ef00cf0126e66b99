package dev.spillway.core.quota;

/**
 * All that was ever sent to a deployment when an attempt was, itself included: what its provider
 * states with the answer is about that.
 *
 * @param requests attempts
 * @param tokens their input and output tokens, by estimate
 * @param weightedTokens what was put into its bucket, less what was given back; 0 if it has none
 * @param atNanos when that was
 */
public record SentSoFar(long requests, long tokens, double weightedTokens, long atNanos) {}
