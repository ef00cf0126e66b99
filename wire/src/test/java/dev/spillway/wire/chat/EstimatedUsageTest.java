package dev.spillway.wire.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Usage;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.Splice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EstimatedUsageTest {
  private static final Usage COUNT = new Usage(7, 0, 2, Usage.Source.ESTIMATED);
  private static final String TOLD =
      "\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2,\"total_tokens\":9}";
  private static final String MARK = "\"spillway\":{\"usage\":\"estimated\"}";

  @Test
  void isPutBeforeTheOtherMembersAndChangesNoByteOfThem() {
    assertThat(told(" { \"choices\" :[{\"usage\":null,\"spillway\":1.0}] }\n"))
        .isEqualTo(
            " {" + TOLD + "," + MARK + ", \"choices\" :[{\"usage\":null,\"spillway\":1.0}] }\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "{}", "{\"prompt_tokens\":null}", "[1]", "\"none\""})
  void takesThePlaceOfWhatIsNoCount(String none) {
    assertThat(told("{\"choices\":[], \"usage\" : " + none + " ,\"id\":\"a\"}"))
        .isEqualTo(
            "{"
                + MARK
                + ",\"choices\":[], \"usage\" : "
                + TOLD.substring("\"usage\":".length())
                + " ,\"id\":\"a\"}");
  }

  @Test
  void takesThePlaceOfAWordThatStandsWhereItsOwnIsTo() {
    assertThat(told("{\"spillway\":\"theirs\",\"choices\":[],\"usage\":null}"))
        .isEqualTo("{" + MARK + ",\"choices\":[]," + TOLD + "}");
  }

  /** Readers differ in which of the two they take. */
  @ParameterizedTest
  @ValueSource(strings = {"\"usage\":null,\"usage\":{}", "\"spillway\":1,\"spillway\":1"})
  void leavesAnAnswerAloneThatSaysItTwice(String twice) {
    assertThat(EstimatedUsage.in(ByteSlice.of("{\"choices\":[]," + twice + "}"), COUNT)).isNull();
  }

  private static String told(String answer) {
    ByteSlice bytes = ByteSlice.of(answer);
    Splice splice = EstimatedUsage.in(bytes, COUNT);
    assertThat(splice).isNotNull();
    return ByteSlice.of(splice.apply(bytes)).toString();
  }
}
