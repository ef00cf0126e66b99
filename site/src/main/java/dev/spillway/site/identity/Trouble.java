package dev.spillway.site.identity;

import org.jspecify.annotations.Nullable;

/** What is wrong, told once for as long as it stays the same; one thread. */
public final class Trouble {
  private @Nullable String told;

  /** Something is wrong, for this reason; whether that is to be told. */
  public boolean isNews(String reason) {
    boolean news = !reason.equals(told);
    told = reason;
    return news;
  }

  /** Nothing is wrong; whether something was. */
  public boolean ends() {
    boolean was = told != null;
    told = null;
    return was;
  }
}
