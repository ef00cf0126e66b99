package dev.spillway.app.cli;

/** In which form a command answers. */
enum Output {
  /** For people. */
  TABLE,
  /** For programs. */
  JSON
}
