package dev.spillway.providers.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrometheusTextTest {
  private static final Set<String> WANTED = Set.of("a", "b:c");

  @Test
  void readsTheSamplesThatAreWanted() throws MalformedMetrics {
    String page =
        """
        # HELP a What it is, with {braces} and "quotes"
        # TYPE a gauge
        a{x="1",y="with \\"quote\\", comma, } and \\\\ \\n"} 1.5
        a 2e3 1718000000000
        other{le="+Inf"} 7
        b:c{ x = "y" , } NaN
        """;

    assertThat(PrometheusText.read(page, WANTED))
        .containsExactly(
            new Sample("a", 1.5), new Sample("a", 2000), new Sample("b:c", Double.NaN));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<html>",
        "a",
        "a{",
        "a{x} 1",
        "a{x=1} 1",
        "a{x=\"1\" y=\"2\"} 1",
        "a{x=\"1} 1",
        "a{x=\"\\t\"} 1",
        "a one",
        "a 0x10",
        "a 1 2 3",
        "a 1d",
        "1a 1",
        "{x=\"1\"} 1",
      })
  void refusesAPageWithALineThatIsNone(String line) {
    assertThatThrownBy(() -> PrometheusText.read("a 1\n" + line + "\na 2", WANTED))
        .isInstanceOf(MalformedMetrics.class)
        .hasMessageStartingWith("line 2: ");
  }
}
