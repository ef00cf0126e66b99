package dev.spillway.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ServingTest {
  @Test
  void isPlainlyAskedForByAFileAlone() {
    assertThat(Serving.isPlainlyAskedFor("serve", "--config", "a.yaml")).isTrue();
    assertThat(Serving.isPlainlyAskedFor("serve", "-c", "a.yaml")).isTrue();
  }

  static Stream<Arguments> othersWords() {
    return Stream.of(
        Arguments.of((Object) new String[] {}),
        Arguments.of((Object) new String[] {"serve"}),
        Arguments.of((Object) new String[] {"serve", "--config"}),
        Arguments.of((Object) new String[] {"serve", "--config=a.yaml"}),
        Arguments.of((Object) new String[] {"serve", "--config", ""}),
        Arguments.of((Object) new String[] {"serve", "--config", "--help"}),
        Arguments.of((Object) new String[] {"serve", "--config", "@a"}),
        Arguments.of((Object) new String[] {"serve", "--help", "a.yaml"}),
        Arguments.of((Object) new String[] {"check", "--config", "a.yaml"}),
        Arguments.of((Object) new String[] {"serve", "--config", "a.yaml", "--help"}));
  }

  @ParameterizedTest
  @MethodSource("othersWords")
  void isLeftToPicocliOtherwise(String[] arguments) {
    assertThat(Serving.isPlainlyAskedFor(arguments)).isFalse();
  }
}
