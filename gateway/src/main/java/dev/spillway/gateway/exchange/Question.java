package dev.spillway.gateway.exchange;

import dev.spillway.gateway.upstream.Upstream;
import dev.spillway.wire.chat.BodyEdit;

/** What an attempt asks a deployment for, and how what comes back is read. */
interface Question {
  /** Tells the changes that make the client's body the one that is sent. */
  void translate(Upstream to, BodyEdit body);

  /** Whether a stream is asked for. */
  boolean streams();

  /** Reads an answer of status 200. */
  AnswerReader reader(AnswerReader.Meaning meaning);
}
