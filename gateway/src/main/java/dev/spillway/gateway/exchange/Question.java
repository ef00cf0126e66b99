package dev.spillway.gateway.exchange;

import dev.spillway.gateway.upstream.Upstream;
import dev.spillway.wire.aggregate.AnswerMemory;
import dev.spillway.wire.chat.BodyEdit;
import io.netty.handler.codec.http.HttpHeaders;

/** What an attempt asks a deployment for, and how what comes back is read. */
interface Question {
  /** Tells the changes that make the client's body the one that is sent. */
  void translate(Upstream to, BodyEdit body);

  /** Whether a stream is asked for. */
  boolean streams();

  /** What it means that a deployment does not have it. */
  NotThere notThere();

  /** Memory for what is held of the answers to it. */
  AnswerMemory.Share held();

  /** Reads an answer of status 200 whose head has these headers. */
  AnswerReader reader(Upstream from, HttpHeaders headers, Via via);
}
