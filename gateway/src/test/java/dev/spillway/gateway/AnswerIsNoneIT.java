package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.testkit.faulty.ChatAnswer;
import dev.spillway.testkit.faulty.Cuts;
import dev.spillway.testkit.faulty.Fault;
import dev.spillway.testkit.faulty.Framings;
import dev.spillway.testkit.faulty.Garbage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What comes with status 200, or with no status at all, and is not an answer: the client gets one
 * from elsewhere or is told so, and sees none of it; a connection that was framed badly is not used
 * again.
 */
class AnswerIsNoneIT {
  private static final int PARTS = 7;

  @RegisterExtension final Providers providers = new Providers(2);

  static Stream<Arguments> noAnswers() {
    return Way.all().flatMap(way -> contents(way).stream().map(fault -> Arguments.of(way, fault)));
  }

  static Stream<Arguments> badFramings() {
    return Way.all().flatMap(way -> framings().stream().map(fault -> Arguments.of(way, fault)));
  }

  static Stream<Arguments> oddButWell() {
    return Way.all()
        .flatMap(way ->
            Stream.of(100, 102, 103)
                .map(status -> Arguments.of(way, Framings.informationalFirst(status))));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("noAnswers")
  void answersFromThePartnerWhereHomeGaveNoAnswer(Way way, Fault fault) throws Exception {
    providers.home().will(fault);
    TestHub hub = providers.hub(2);
    String body = way.body();

    Told.wholeAnswer(providers.ask(way, hub, body), body);

    assertThat(providers.home().turns()).hasSize(1);
    assertThat(providers.partner().turns()).hasSize(1);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource({"noAnswers", "badFramings"})
  void saysThatThereIsNoAnswerWhereThereIsNobodyElse(Way way, Fault fault) throws Exception {
    providers.home().will(fault);
    TestHub hub = providers.hub(1);

    Told.refused(providers.ask(way, hub, way.body()), 502);

    assertThat(providers.home().turns()).hasSizeBetween(1, 2);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("badFramings")
  void answersFromThePartnerAndLeavesAConnectionThatWasFramedBadly(Way way, Fault fault)
      throws Exception {
    providers.home().will(fault);
    TestHub hub = providers.hub(2);
    String body = way.body();

    Told.wholeAnswer(providers.ask(way, hub, body), body);

    assertThat(providers.home().turns()).hasSize(1);
    Until.holds("the connection is closed", () -> providers.home().openConnections() == 0);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("oddButWell")
  void passesOverInformationalHeads(Way way, Fault fault) throws Exception {
    providers.home().will(fault);
    TestHub hub = providers.hub(2);
    String body = way.body();

    Told.wholeAnswer(providers.ask(way, hub, body), body);

    assertThat(providers.partner().turns()).isEmpty();
  }

  private static List<Fault> contents(Way way) {
    List<Fault> faults = new ArrayList<>();
    faults.add(Garbage.html());
    faults.add(Garbage.empty());
    faults.add(Garbage.errorWith200());
    faults.add(Garbage.plainText());
    if (way.streams()) {
      faults.add(Garbage.errorInPlaceOfEvents());
      faults.add(Cuts.endsAfter(0));
      faults.add(Cuts.doneAfter(0));
    } else {
      int length = ChatAnswer.to(way.body()).json().getBytes(StandardCharsets.UTF_8).length;
      for (int part = 0; part < PARTS; part++) {
        faults.add(Cuts.shortJson(Math.max(1, part * length / PARTS)));
        faults.add(Cuts.insideJson(part * length / PARTS, Cuts.Way.FIN));
        faults.add(Cuts.insideJson(part * length / PARTS, Cuts.Way.RST));
      }
      faults.add(Cuts.shortJson(length - 1));
    }
    return faults;
  }

  private static List<Fault> framings() {
    return List.of(
        Framings.endless(),
        Framings.endlessError(),
        Framings.headerFlood(),
        Framings.endlessStatusLine(),
        Framings.bomb(),
        Framings.bothLengths(),
        Framings.twoLengths(),
        Framings.badChunkSize(),
        Framings.noHttp(),
        Framings.informationalForEver(),
        Framings.switchesProtocols(),
        Framings.noContent());
  }
}
