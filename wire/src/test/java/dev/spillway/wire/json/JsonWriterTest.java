package dev.spillway.wire.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonWriterTest {
  @ParameterizedTest
  @CsvSource({"0, 0.000", "7, 0.007", "90, 0.090", "1000, 1.000", "1234567, 1234.567"})
  void writesThousandthsWithThreeDigits(long number, String written) {
    byte[] json =
        new JsonWriter(1).beginArray().thousandths(number).value(1).endArray().toByteArray();

    assertThat(new String(json, UTF_8)).isEqualTo("[" + written + ",1]");
  }

  @ParameterizedTest
  @ValueSource(
      longs = {0, 1, 9, 10, 99, 100, 1_234_567_890, Long.MAX_VALUE, -1, -10, Long.MIN_VALUE})
  void writesWholeNumbers(long number) {
    byte[] json = new JsonWriter(1).beginArray().value(number).value(2).endArray().toByteArray();

    assertThat(new String(json, UTF_8)).isEqualTo("[" + number + ",2]");
  }

  @Test
  void writesWhatNeedsNoEscapeAsItWritesTheRest() {
    JsonWriter plain = new JsonWriter(1).beginObject();
    JsonWriter other = new JsonWriter(1).beginObject();

    plain.plainName("site").plain("oci/chicago-1").plainName("n").value(1).endObject();
    other.name("site").value("oci/chicago-1").name("n").value(1).endObject();

    assertThat(plain.toByteArray()).isEqualTo(other.toByteArray());
  }
}
