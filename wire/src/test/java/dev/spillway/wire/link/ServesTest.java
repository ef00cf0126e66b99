package dev.spillway.wire.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.provider.EngineModels;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What several engines serve. */
class ServesTest {
  private static final Serves SHORT =
      Serves.of(new EngineModels(List.of("gpt-4o", "legal"), 8_192));
  private static final Serves LONG = Serves.of(new EngineModels(List.of("gpt-4o"), 131_072));
  private static final Serves MUTE = Serves.of(EngineModels.UNKNOWN);

  @Test
  void isTheLeastContextAndTheNamesThatAllKnow() {
    assertThat(SHORT.and(LONG)).isEqualTo(new Serves(8_192, List.of("gpt-4o"), 0));
    assertThat(LONG.and(SHORT)).isEqualTo(SHORT.and(LONG));
  }

  @Test
  void goesByThoseWhoSayWhereOthersDoNot() {
    assertThat(SHORT.and(MUTE)).isEqualTo(SHORT);
    assertThat(MUTE.and(SHORT)).isEqualTo(SHORT);
    assertThat(MUTE.and(MUTE)).isEqualTo(Serves.UNKNOWN);
  }

  @Test
  void knowsThatANameIsMissingOnlyWhereAllNamesAreKnown() {
    Serves other = Serves.of(new EngineModels(List.of("llama"), 0));
    Serves many =
        new Serves(0, IntStream.range(0, 17).mapToObj(i -> "adapter-" + i).toList(), 0).bounded();

    assertThat(SHORT.isWithout("gpt-4o")).isFalse();
    assertThat(SHORT.isWithout("gpt-5")).isTrue();
    assertThat(SHORT.and(other).isWithout("gpt-4o")).as("nothing in common").isTrue();
    assertThat(MUTE.isWithout("gpt-4o")).isFalse();
    assertThat(many.isWithout("gpt-4o")).as("one more than is shown").isFalse();
    assertThat(many.and(SHORT).isWithout("gpt-4o")).isFalse();
  }
}
