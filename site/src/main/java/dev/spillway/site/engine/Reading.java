package dev.spillway.site.engine;

/** How it is known that an engine has read a prompt. */
public enum Reading {
  /** Its answer begins then: a stream, or an answer for which nothing is written. */
  SEEN,
  /** Not at all: its answer begins when all of it is written, or before anything is read. */
  UNSEEN
}
