package dev.spillway.core.health;

/** What a deployment takes. */
public enum AdmissionState {
  /** Every request. */
  NEW_AND_EXISTING,
  /** Sessions whose prefix lives there. */
  EXISTING_ONLY,
  /** Nothing. */
  NONE
}
