package dev.spillway.app.yaml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BinderTest {
  private static final String WHOLE =
      """
      name: pool
      size: 4
      pause: 250ms
      tags: [a, b]
      shapes:
        round: {kind: circle, radius: 1.5}
        long: {kind: line, from: 1, until: 2}
      secret: {env: KEY}
      """;

  enum Mood {
    CALM,
    VERY_BUSY
  }

  record Box(
      @Key("what it is called") String name,
      @Key(value = "how many", atLeast = "1", atMost = "9") int size,
      @Key(value = "how long", otherwise = "1s", moreThan = "0s") Duration pause,
      @Key(value = "how it is", otherwise = "calm") Mood mood,
      @Key("words") List<String> tags,
      @Key("how it may be") List<Mood> moods,
      @Key("what is in it") Map<String, Shaped> shapes,
      @Key("a secret") @Nullable Hidden secret) {}

  sealed interface Shaped {}

  @Kind("circle")
  record Circle(@Key(value = "half its width", moreThan = "0") double radius) implements Shaped {}

  @Kind("line")
  @Retired(key = "to", advice = "until")
  record Line(@Inline Ends ends) implements Shaped {}

  record Ends(@Key("start") int from, @Key("end") int until) {
    Ends {
      if (until < from) {
        throw new IllegalArgumentException("until: " + until + " (expected: >= " + from + ")");
      }
    }
  }

  @Confidential(advice = "{env: NAME}")
  record Hidden(@Key("a variable") String env) {}

  private final Binder binder = new Binder(new Scalars(List.of()));

  @Test
  void makesRecordsOfWhatTheFileSays() throws InvalidFileException {
    Box box = bind(WHOLE);

    assertThat(box)
        .isEqualTo(
            new Box(
                "pool",
                4,
                Duration.ofMillis(250),
                Mood.CALM,
                List.of("a", "b"),
                List.of(),
                Map.of("round", new Circle(1.5), "long", new Line(new Ends(1, 2))),
                new Hidden("KEY")));
    assertThat(box.shapes().keySet()).containsExactly("round", "long");
  }

  @Test
  void fillsInDefaultsAndLeavesWhatMayBeAbsent() throws InvalidFileException {
    Box box = bind("{name: pool, size: 1}");

    assertThat(box)
        .isEqualTo(
            new Box(
                "pool", 1, Duration.ofSeconds(1), Mood.CALM, List.of(), List.of(), Map.of(), null));
  }

  @Test
  void takesOneValueForAListOfOne() throws InvalidFileException {
    assertThat(bind("{name: pool, size: 1, tags: a}").tags()).containsExactly("a");
  }

  @Test
  void namesEveryProblemWithItsLine() {
    String text =
        WHOLE
            .replace("size: 4", "size: four")
            .replace("pause: 250ms", "pause: 250")
            .replace("radius", "raduis")
            .replace("until: 2", "until: 0");

    assertThat(problems(text))
        .containsExactly(
            "box.yaml:2: size: 'four' (expected: a whole number, >= 1, <= 9)",
            "box.yaml:3: pause: '250' (expected: a duration with its unit, such as 250ms, 1s or 10m,"
                + " > 0s)",
            "box.yaml:6: shapes.round.raduis: unknown key (expected: 'radius'?)",
            "box.yaml:6: shapes.round.radius: missing (expected: a number, > 0; half its width)",
            "box.yaml:7: shapes.long.until: 0 (expected: >= 1)");
  }

  @Test
  void holdsValuesToTheirBounds() {
    assertThat(problems("{name: pool, size: 0, pause: 0s}"))
        .containsExactly(
            "box.yaml:1: size: '0' (expected: a whole number, >= 1, <= 9)",
            "box.yaml:1: pause: '0s' (expected: a duration with its unit, such as 250ms, 1s or 10m,"
                + " > 0s)");
    assertThat(problems("{name: pool, size: 10}")).singleElement().asString().contains("<= 9");
  }

  @Test
  void refusesAKeyThatStandsTwice() {
    assertThat(problems("name: a\nsize: 1\nname: b\n"))
        .containsExactly("box.yaml:3: name: a second time, after line 1");
  }

  @Test
  void refusesAListThatSaysAThingTwice() {
    assertThat(problems("{name: a, size: 1, moods: [calm, very-busy, calm]}"))
        .containsExactly("box.yaml:1: moods[2]: 'calm' twice (expected: each once)");
  }

  /** Such as the arguments of a command: {@code -v A=1 -v B=2}. */
  @Test
  void takesWordsAsOftenAsTheyAreSaid() throws InvalidFileException {
    assertThat(bind("{name: a, size: 1, tags: [x, y, x]}").tags()).containsExactly("x", "y", "x");
  }

  @Test
  void saysWhatStandsInPlaceOfARetiredKey() {
    assertThat(problems("{name: a, size: 1, shapes: {l: {kind: line, from: 1, until: 2, to: 2}}}"))
        .containsExactly("box.yaml:1: shapes.l.to: not a key of this version (expected: until)");
  }

  @Test
  void suggestsTheKindThatWasMeant() {
    assertThat(problems("{name: a, size: 1, shapes: {l: {kind: lime}}}"))
        .containsExactly("box.yaml:1: shapes.l.kind: 'lime' (expected: 'line'?)");
    assertThat(problems("{name: a, size: 1, shapes: {l: {from: 1}}}"))
        .containsExactly("box.yaml:1: shapes.l.kind: missing (expected: one of circle, line)");
  }

  @Test
  void namesTheValuesOfAnEnum() {
    assertThat(problems("{name: a, size: 1, mood: busy}"))
        .containsExactly("box.yaml:1: mood: 'busy' (expected: one of calm, very-busy)");
  }

  @Test
  void neverRepeatsWhatStandsWhereASecretBelongs() {
    assertThat(problems("{name: a, size: 1, secret: sk-123}"))
        .containsExactly("box.yaml:1: secret: *** (expected: {env: NAME})");
    assertThat(problems("{name: a, size: 1, secret: {env: [sk-123]}}"))
        .allSatisfy(problem -> assertThat(problem).doesNotContain("sk-123"));
    assertThat(problems("{name: a, size: 1, secret: {sk-123: a}}"))
        .isNotEmpty()
        .allSatisfy(problem -> assertThat(problem).doesNotContain("sk-123"));
  }

  @Test
  void shortensWhatItRepeatsAndHidesPasswordsInAddresses() {
    String found =
        problems("{name: a, size: 'http://me:pw@host/" + "x".repeat(99) + "'}").getFirst();

    assertThat(found).contains("'http://***@host/xxx").contains("...'").doesNotContain("pw");
    assertThat(problems("{name: a, size: 'http://host/v1?api-key=sk-123'}"))
        .first()
        .asString()
        .contains("'http://host/v1?***'");
  }

  @Test
  void tellsTheLineOfAKeyOrOfWhatIsAroundIt() throws InvalidFileException {
    Places places = binder.bind(YamlFile.of("box.yaml", WHOLE.getBytes(UTF_8)), Box.class).places();

    assertThat(places.lineOf("shapes.long.until")).isEqualTo(7);
    assertThat(places.lineOf("shapes.long.until.nothing")).isEqualTo(7);
    assertThat(places.lineOf("nothing")).isEqualTo(1);
  }

  @Test
  void refusesOneKindOfThingInPlaceOfAnother() {
    assertThat(problems("[1, 2]"))
        .containsExactly("box.yaml:1: a list (expected: keys, each with its value)");
    assertThat(problems("{name: [a, b], size: {a: 1}, shapes: 5, tags: }"))
        .containsExactlyInAnyOrder(
            "box.yaml:1: name: a list (expected: a text)",
            "box.yaml:1: size: keys and values (expected: a whole number, >= 1, <= 9)",
            "box.yaml:1: shapes: '5' (expected: names, each with its value)",
            "box.yaml:1: tags: nothing (expected: a list; [] is an empty one)");
  }

  private Box bind(String text) throws InvalidFileException {
    return binder.bind(YamlFile.of("box.yaml", text.getBytes(UTF_8)), Box.class).value();
  }

  private List<String> problems(String text) {
    InvalidFileException refused =
        catchThrowableOfType(InvalidFileException.class, () -> bind(text));
    assertThat(refused).as(text).isNotNull();
    return refused.getMessage().lines().toList();
  }
}
