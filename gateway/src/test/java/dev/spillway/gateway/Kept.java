package dev.spillway.gateway;

/** Ids of kept responses, as clients get them. */
final class Kept {
  private static final String TAG = "\"resp_[A-Za-z0-9_-]{24}resp_";

  private Kept() {}

  /** With the providers' own ids again. */
  static String withoutTag(String body) {
    return body.replaceAll(TAG, "\"resp_");
  }

  /** The id of a whole answer. */
  static String idIn(String body) {
    int from = body.indexOf("\"id\":\"") + "\"id\":\"".length();
    return body.substring(from, body.indexOf('"', from));
  }
}
