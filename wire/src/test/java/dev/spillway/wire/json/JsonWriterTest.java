package dev.spillway.wire.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonWriterTest {
  @ParameterizedTest
  @CsvSource({"0, 0.000", "7, 0.007", "90, 0.090", "1000, 1.000", "1234567, 1234.567"})
  void writesThousandthsWithThreeDigits(long number, String written) {
    byte[] json =
        new JsonWriter(1).beginArray().thousandths(number).value(1).endArray().toByteArray();

    assertThat(new String(json, UTF_8)).isEqualTo("[" + written + ",1]");
  }
}
