package dev.spillway.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.testkit.faulty.ChatAnswer;
import dev.spillway.testkit.faulty.Cuts;
import dev.spillway.testkit.faulty.Fault;
import dev.spillway.testkit.faulty.InsideCuts;
import dev.spillway.testkit.faulty.InsideCuts.Place;
import dev.spillway.testkit.faulty.InsideCuts.Spelling;
import dev.spillway.testkit.faulty.InsideCuts.Spot;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A stream that is cut inside an event: in a name, a character, an escape, a line's end, or in the
 * framing of its chunk. No half of it reaches the client, and none of it is missing.
 */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StreamIsCutInsideIT {
  private static final String BODY = Way.streamed().findFirst().orElseThrow().body();
  private static final List<ChatAnswer.Event> EVENTS = ChatAnswer.to(BODY).events();
  private static final int FINISH = Way.finishOf(BODY);

  /** The role, the first words, some in the middle, and the end. */
  private static final List<Integer> SOME_EVENTS = List.of(0, 1, 4, FINISH);

  /** In names, in values, at the ends of lines; no event is whole there. */
  private static final List<Spot> SPOTS =
      List.of(
          behind(Spelling.PLAIN, "da", 0),
          behind(Spelling.PLAIN, "data:", 0),
          behind(Spelling.PLAIN, "data: ", 0),
          behind(Spelling.PLAIN, "\"delta", -2),
          behind(Spelling.PLAIN, "\"delta\":{", 0),
          behind(Spelling.PLAIN, "\"delta\":{", 14),
          beforeEnd(Spelling.PLAIN, 4),
          beforeEnd(Spelling.PLAIN, 2),
          beforeEnd(Spelling.PLAIN, 1),
          beforeEnd(Spelling.CRLF, 4),
          beforeEnd(Spelling.CRLF, 3),
          beforeEnd(Spelling.CRLF, 2));

  @RegisterExtension final Providers providers = new Providers(2);

  /**
   * A cut.
   *
   * @param whole whether the provider had sent all of the answer by then
   */
  record Cut(Fault fault, Cuts.Way way, boolean whole) {
    @Override
    public String toString() {
      return fault.toString();
    }
  }

  static Stream<Arguments> inEvents() {
    List<Cut> cuts = new ArrayList<>();
    for (Cuts.Way way : Cuts.Way.values()) {
      for (int event : SOME_EVENTS) {
        SPOTS.forEach(spot -> cuts.add(inside(event, spot, way)));
        // CR alone ends a line as well: the LF behind the last one is nobody's.
        boolean whole = event == FINISH;
        cuts.add(new Cut(InsideCuts.at(event, beforeEnd(Spelling.CRLF, 1), way), way, whole));
      }
    }
    return crossed(cuts);
  }

  static Stream<Arguments> inCharacters() {
    List<Cut> cuts = new ArrayList<>();
    for (Cuts.Way way : Cuts.Way.values()) {
      for (int bytes = 2; bytes <= 4; bytes++) {
        int event = firstWithCharacterOf(bytes);
        for (int sent = 1; sent < bytes; sent++) {
          cuts.add(inside(event, inCharacter(bytes, sent), way));
        }
        for (int sent : bytes == 4 ? List.of(1, 4, 6, 7, 8) : List.of(1, 2, 4, 5)) {
          cuts.add(inside(event, behind(Spelling.ESCAPED, "\\u", sent - 2), way));
        }
      }
    }
    return crossed(cuts);
  }

  static Stream<Arguments> inFraming() {
    List<Cut> cuts = new ArrayList<>();
    for (Cuts.Way way : Cuts.Way.values()) {
      for (int event : SOME_EVENTS) {
        for (Place place : Place.values()) {
          boolean whole = event == FINISH && place.isBehindData();
          cuts.add(new Cut(InsideCuts.inFraming(event, place, way), way, whole));
        }
      }
    }
    return crossed(cuts);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource({"inEvents", "inCharacters", "inFraming"})
  void goesOnElsewhereWithoutTheHalfOfIt(Way way, Cut cut) throws Exception {
    providers.home().will(cut.fault());
    TestHub hub = providers.hub(2, plan -> plan.speaking("vllm", "vllm"));
    String body = way.body();

    Told.wholeAnswer(providers.ask(way, hub, body), body);

    assertThat(providers.home().turns()).hasSize(1);
    if (!cut.whole()) {
      assertThat(providers.partner().turns()).hasSize(1);
    } else if (cut.way() == Cuts.Way.FIN) {
      assertThat(providers.partner().turns()).as("a reset may take back what was sent").isEmpty();
    }
  }

  private static Cut inside(int event, Spot spot, Cuts.Way way) {
    return new Cut(InsideCuts.at(event, spot, way), way, false);
  }

  /** So many bytes behind the end of a text that the event holds. */
  private static Spot behind(Spelling spelling, String text, int bytes) {
    return new Spot(
        text + " and " + bytes,
        spelling,
        event -> new String(event, ISO_8859_1).indexOf(text) + text.length() + bytes);
  }

  private static Spot beforeEnd(Spelling spelling, int bytes) {
    return new Spot("all but " + bytes, spelling, event -> event.length - bytes);
  }

  private static Spot inCharacter(int bytes, int sent) {
    return new Spot(
        sent + " of a character of " + bytes + " bytes",
        Spelling.PLAIN,
        event -> indexOfLead(event, bytes) + sent);
  }

  private static int firstWithCharacterOf(int bytes) {
    for (int i = 0; i < EVENTS.size(); i++) {
      if (indexOfLead(Spelling.PLAIN.of(EVENTS.get(i)), bytes) >= 0) {
        return i;
      }
    }
    throw new AssertionError("no event with a character of " + bytes + " bytes");
  }

  /** Where a character of so many bytes begins; -1 if none does. */
  private static int indexOfLead(byte[] event, int bytes) {
    int lead = (0xFF00 >> bytes) & 0xFF;
    int mask = (0xFF00 >> (bytes + 1)) & 0xFF;
    for (int i = 0; i < event.length; i++) {
      if ((event[i] & mask) == lead) {
        return i;
      }
    }
    return -1;
  }

  private static Stream<Arguments> crossed(List<Cut> cuts) {
    return Way.streamed().flatMap(way -> cuts.stream().map(cut -> Arguments.of(way, cut)));
  }
}
