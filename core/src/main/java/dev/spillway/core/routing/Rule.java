package dev.spillway.core.routing;

/** Why an allowed deployment takes nothing now. */
public enum Rule {
  /** Its breaker is open: it is ill. */
  BREAKER_OPEN,
  /** It came back from illness a moment ago and takes a growing share only. */
  RAMPING,
  /** It refuses our configuration for what is asked: out of rotation until that is changed. */
  MISCONFIGURED,
  /** Nobody is there: no link to its site is up, or its engines do not answer. */
  OFFLINE,
  /** It asked to be left alone until a time that is not over. */
  ASKED_TO_WAIT,
  /** By what it stated with an answer, its quota has no room for this request yet. */
  QUOTA_USED_UP,
  /**
   * By what it stated with an answer, what is left of its quota is too little for this request, and
   * none comes back before all of it does: a smaller one may go.
   */
  QUOTA_TOO_SHORT,
  /** Its bucket would be over its level when the request arrives. */
  BUCKET_FULL,
  /** The same, because it stated with an answer that it is that full. */
  UTILIZATION_FULL,
  /** Its engines have a queue, or no room in their batch or KV cache. */
  NO_HEADROOM,
  /** Its admission state takes known sessions only, or nothing. */
  ADMISSION_CLOSED,
  /** As many attempts are in flight as it takes. */
  CONCURRENCY_LIMIT,
  /** Others wait for room there whose turn is before this request's. */
  KEPT_FOR_OTHERS,
  /** The request is longer than its context. */
  CONTEXT_TOO_SHORT,
  /** This request was there already and it failed. */
  TRIED,
  /** An attempt of this request is under way there. */
  UNDER_WAY,
  /** It cannot go on with an answer that broke off elsewhere. */
  CANNOT_RESUME,
  /** Home has headroom, and a clause wants home offered the request first. */
  HOME_FIRST,
  /** It does not serve what is asked, or what is asked belongs to another. */
  UNABLE;

  /** Whether waiting helps: it will take requests again before long. */
  public boolean passes() {
    return switch (this) {
      case RAMPING,
          ASKED_TO_WAIT,
          QUOTA_USED_UP,
          QUOTA_TOO_SHORT,
          BUCKET_FULL,
          UTILIZATION_FULL,
          NO_HEADROOM,
          ADMISSION_CLOSED,
          CONCURRENCY_LIMIT,
          KEPT_FOR_OTHERS ->
          true;
      case BREAKER_OPEN,
          MISCONFIGURED,
          OFFLINE,
          CONTEXT_TOO_SHORT,
          TRIED,
          UNDER_WAY,
          CANNOT_RESUME,
          HOME_FIRST,
          UNABLE ->
          false;
    };
  }

  /** Whether it is full, and room that becomes free by and by is to be kept for who waits. */
  public boolean lacksRoom() {
    return switch (this) {
      case QUOTA_USED_UP, BUCKET_FULL, UTILIZATION_FULL, NO_HEADROOM, CONCURRENCY_LIMIT -> true;
      case BREAKER_OPEN,
          RAMPING,
          MISCONFIGURED,
          OFFLINE,
          ASKED_TO_WAIT,
          QUOTA_TOO_SHORT,
          ADMISSION_CLOSED,
          KEPT_FOR_OTHERS,
          CONTEXT_TOO_SHORT,
          TRIED,
          UNDER_WAY,
          CANNOT_RESUME,
          HOME_FIRST,
          UNABLE ->
          false;
    };
  }

  /** Whether the bucket that we run beside its provider's let it through no more. */
  public boolean isOfBucket() {
    return this == BUCKET_FULL || this == UTILIZATION_FULL;
  }

  /** What it says, for people. */
  public String says() {
    return switch (this) {
      case BREAKER_OPEN -> "its breaker is open";
      case MISCONFIGURED -> "it refuses our credential for this, or does not know its model";
      case OFFLINE -> "its site is not linked, or its engines do not answer";
      case RAMPING -> "it came back a moment ago and takes a growing share only";
      case ASKED_TO_WAIT -> "it asked to be left alone for a while";
      case QUOTA_USED_UP -> "its last answers say that its quota has no room for this request yet";
      case QUOTA_TOO_SHORT ->
          "its last answers say that too little of its quota is left for this request until it is"
              + " counted anew";
      case BUCKET_FULL -> "its bucket would be over its level";
      case UTILIZATION_FULL -> "its last answers say that it is used to its limit";
      case NO_HEADROOM -> "its engines have no room";
      case ADMISSION_CLOSED -> "its engines take known sessions only, or nothing";
      case CONCURRENCY_LIMIT -> "as many attempts are in flight as it takes";
      case KEPT_FOR_OTHERS -> "others wait for its room whose turn is before";
      case CONTEXT_TOO_SHORT -> "the request is longer than its context";
      case TRIED -> "this request was there and failed";
      case UNDER_WAY -> "an attempt of this request is under way there";
      case CANNOT_RESUME -> "it cannot go on with an answer that broke off elsewhere";
      case HOME_FIRST -> "home has headroom and is offered the request first";
      case UNABLE -> "it does not serve what is asked, or what is asked belongs to another";
    };
  }
}
