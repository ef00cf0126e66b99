package dev.spillway.wire.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KnownNamesTest {
  private static final List<String> NAMES = List.of("model", "n", "stream", "m\u00e9thode", "");

  private final KnownNames known = new KnownNames(NAMES);

  @Test
  void theyAreNotMadeAnew() throws MalformedJson {
    for (String each : NAMES) {
      assertThat(name(each)).isSameAs(each);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"modem", "Model", "mmodel", "mode", "nn", "temperature", "m\u00e8thode"})
  void othersAreReadAsTheyAre(String other) throws MalformedJson {
    assertThat(name(other)).isEqualTo(other);
  }

  @Test
  void oneThatIsWrittenWithAnEscapeIsTheSame() throws MalformedJson {
    assertThat(name("\\u006dodel")).isEqualTo("model");
  }

  private String name(String written) throws MalformedJson {
    JsonCursor cursor = JsonCursor.ofRequests();
    cursor.reset(ByteSlice.of("{\"" + written + "\":1}"));
    cursor.beginObject();
    cursor.nextMember();
    return cursor.name(known);
  }
}
