package dev.spillway.app.netns;

/** What was measured, for people: a line of the fault table in docs/sites.md. */
final class Table {
  private Table() {}

  static void row(String fault, String measured) {
    System.out.println("FAULT TABLE | " + fault + " | " + measured);
  }
}
