package dev.spillway.app.config;

import dev.spillway.app.yaml.Key;
import java.time.Duration;

/** What the data port takes in at the most. */
public record LimitsConfig(
    @Key(value = "body of one request", otherwise = "10MiB", atLeast = "1KiB", atMost = "1GiB")
        ByteSize body,
    @Key(
            value = "form with files of one request",
            otherwise = "64MiB",
            atLeast = "1KiB",
            atMost = "1GiB")
        ByteSize upload,
    @Key(
            value = "bodies of all requests together",
            otherwise = "512MiB",
            atLeast = "1MiB",
            atMost = "1024GiB")
        ByteSize bodyMemory,
    @Key(
            value =
                "text of all answers under way together that is kept so that they can be continued"
                    + " elsewhere; what is beyond it ends with an error if it breaks off",
            otherwise = "64MiB",
            atLeast = "0B",
            atMost = "1024GiB")
        ByteSize continuationMemory,
    @Key(
            value =
                "answers of all requests together that do not stream, of more than 8KiB each, which"
                    + " are held until all of them is there; what is beyond it is refused with 503",
            otherwise = "512MiB",
            atLeast = "1MiB",
            atMost = "1024GiB")
        ByteSize answerMemory,
    @Key(
            value = "head of one request, which has at most 256 lines",
            otherwise = "64KiB",
            atLeast = "1KiB",
            atMost = "1MiB")
        ByteSize head,
    @Key(value = "open connections of clients", otherwise = "10000", atLeast = "1") int connections,
    @Key(
            value =
                "time a client has to send its request, and a second more for each 64KiB of its"
                    + " body that came",
            otherwise = "30s",
            moreThan = "0s",
            atMost = "1h")
        Duration requestWithin,
    @Key(
            value =
                "time after which a connection without a request is closed, and an answer given up"
                    + " of which its client took nothing in that time",
            otherwise = "75s",
            moreThan = "0s",
            atMost = "1d")
        Duration idleWithin,
    @Key(
            value = "time open answers have to end when the hub is told to stop",
            otherwise = "30s",
            atLeast = "0s",
            atMost = "1h")
        Duration drainWithin) {
  /** A body that fits nowhere would be refused for the wrong reason. */
  public LimitsConfig {
    if (bodyMemory.bytes() < body.bytes()) {
      throw new IllegalArgumentException(
          "body-memory: " + bodyMemory + " (expected: at least body, which is " + body + ")");
    }
    if (bodyMemory.bytes() < upload.bytes()) {
      throw new IllegalArgumentException(
          "body-memory: " + bodyMemory + " (expected: at least upload, which is " + upload + ")");
    }
  }

  /** The rest, which is read at the start only. */
  public LimitsConfig withoutDrain() {
    return new LimitsConfig(
        body,
        upload,
        bodyMemory,
        continuationMemory,
        answerMemory,
        head,
        connections,
        requestWithin,
        idleWithin,
        Duration.ZERO);
  }
}
