package dev.spillway.providers.page;

import java.io.IOException;

/** A page is longer than is read. */
public final class PageTooLong extends IOException {
  private static final long serialVersionUID = 1;

  PageTooLong(int mostBytes) {
    super("sent a page of more than " + mostBytes + " bytes");
  }
}
