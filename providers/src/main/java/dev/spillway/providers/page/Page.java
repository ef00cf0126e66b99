package dev.spillway.providers.page;

/** What an engine answered. */
public final class Page {
  private final int status;
  private final byte[] body;

  Page(int status, byte[] body) {
    this.status = status;
    this.body = body;
  }

  /** Of HTTP. */
  public int status() {
    return status;
  }

  /** All of it. */
  public byte[] body() {
    return body;
  }
}
