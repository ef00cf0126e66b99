package dev.spillway.gateway;

import static dev.spillway.gateway.Way.crossed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.retry.AttemptFailure.Kind;
import dev.spillway.testkit.faulty.Cuts;
import dev.spillway.testkit.faulty.Fault;
import dev.spillway.testkit.faulty.Turn;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers over TLS whose connection ends: by the provider's word, or by whoever is between. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TlsIsCutIT {
  private static final int FINISH = Way.finishOf(Way.streamed().findFirst().orElseThrow().body());

  /** Sooner than any limit of an answer that does not stream. */
  private static final Duration AT_ONCE = Duration.ofSeconds(2);

  @TempDir private static Path folder;
  private static Authority authority;

  @RegisterExtension final Providers providers = Providers.secured(2, () -> authority.server());

  @BeforeAll
  static void certify() throws Exception {
    authority = Authority.make(folder);
  }

  static Stream<Way> whole() {
    return Way.whole();
  }

  static Stream<Arguments> cuts() {
    List<Fault> faults = new ArrayList<>();
    for (int k : new int[] {0, 1, 4, FINISH}) {
      faults.add(cut(k, "closed by TLS", Turn::close));
      faults.add(cut(k, "closed without a word of TLS", Turn::drop));
      faults.add(cut(k, "reset", Turn::reset));
      faults.add(cut(k, "ended by TLS and left open", Turn::endOutput));
    }
    return crossed(Way.streamed(), faults);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cuts")
  void isGoneOnWithElsewhereWhereAStreamBreaksOff(Way way, Fault fault) throws Exception {
    providers.home().will(fault);
    TestHub hub =
        providers.hub(2, plan -> plan.speaking("vllm", "vllm").over(authority.trusting()));
    String body = way.body("\"stream_options\":{\"include_usage\":true}");

    Told.wholeAnswer(providers.ask(way, hub, body), body);

    assertThat(providers.home().turns()).hasSize(1);
    assertThat(providers.partner().turns()).hasSize(1);
    assertThat(kinds(hub)).containsExactly(Kind.STREAM_BROKEN);
  }

  static Stream<Arguments> halves() {
    return crossed(
        Way.whole(),
        List.of(
            Cuts.insideJson(40, Cuts.Way.FIN),
            Cuts.insideJson(40, Cuts.Way.RST),
            new Fault(
                "no length, half of it, closed without a word of TLS",
                turn -> {
                  String json = turn.wellAnswer().json();
                  sendUntilClose(turn, json.substring(0, json.length() / 2));
                  turn.drop();
                })));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("halves")
  void isAskedElsewhereWhereAWholeAnswerBreaksOff(Way way, Fault fault) throws Exception {
    providers.home().will(fault);
    TestHub hub = hub(2);

    Told.wholeAnswer(providers.ask(way, hub, way.body()), way.body());

    assertThat(providers.home().turns()).hasSize(1);
    assertThat(providers.partner().turns()).hasSize(1);
    assertThat(kinds(hub)).containsExactly(Kind.STREAM_BROKEN);
  }

  /** Whoever is between can end the connection where they like, but cannot say so in TLS. */
  @ParameterizedTest
  @MethodSource("whole")
  void takesNoAnswerThatItsConnectionEndsWithoutAWordOfTls(Way way) throws Exception {
    providers.home().will(untilClose("ended by whoever", Turn::drop));
    TestHub hub = hub(2);

    Told.wholeAnswer(providers.ask(way, hub, way.body()), way.body());

    assertThat(providers.partner().turns()).hasSize(1);
    assertThat(kinds(hub)).containsExactly(Kind.STREAM_BROKEN);
  }

  static Stream<Arguments> properEnds() {
    return crossed(
        Way.whole(),
        List.of(
            untilClose("closed by TLS", Turn::close),
            untilClose("ended by TLS and left open", Turn::endOutput)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("properEnds")
  void takesAnAnswerThatTheProviderEndsItself(Way way, Fault fault) throws Exception {
    providers.home().will(fault);
    TestHub hub = hub(2);
    long askedNanos = System.nanoTime();

    Told.wholeAnswer(providers.ask(way, hub, way.body()), way.body());

    assertThat(Duration.ofNanos(System.nanoTime() - askedNanos)).isLessThan(AT_ONCE);
    assertThat(kinds(hub)).isEmpty();
    assertThat(providers.partner().turns()).isEmpty();
  }

  private TestHub hub(int deployments) throws Exception {
    return providers.hub(deployments, plan -> plan.over(authority.trusting()));
  }

  private static List<Kind> kinds(TestHub hub) throws InterruptedException {
    return hub.nextEnded().failures().stream().map(failed -> failed.failure().kind()).toList();
  }

  private static Fault cut(int events, String how, Fault.Act end) {
    return new Fault(
        how + " after " + events + " events",
        turn -> {
          turn.sendStreamHead();
          turn.sendEvents(0, events);
          end.play(turn);
        });
  }

  /** All of an answer that only the end of its connection ends. */
  private static Fault untilClose(String how, Fault.Act end) {
    return new Fault(
        how,
        turn -> {
          sendUntilClose(turn, turn.wellAnswer().json());
          end.play(turn);
        });
  }

  private static void sendUntilClose(Turn turn, String json) throws IOException {
    turn.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n");
    turn.send(json.getBytes(UTF_8));
  }
}
