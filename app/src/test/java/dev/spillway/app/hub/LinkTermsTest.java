package dev.spillway.app.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.spillway.app.assembly.Configs;
import dev.spillway.app.config.ConfigFile;
import dev.spillway.app.yaml.InvalidFileException;
import dev.spillway.control.sites.Enrolment.Terms;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** For how long agents are let in, as the configuration says it. */
class LinkTermsTest {
  @Test
  void areADayAndAWeekUnlessSaid() throws Exception {
    assertThat(terms("listen: {}")).isEqualTo(Terms.DEFAULT);
  }

  @Test
  void areWhatIsSaid() throws Exception {
    assertThat(terms("listen: {link-certificate-life: 1h, link-grace: 0s}"))
        .isEqualTo(new Terms(Duration.ofHours(1), Duration.ZERO));
  }

  @Test
  void refusesACertificateThatEndsBeforeItIsThere() {
    assertThatExceptionOfType(InvalidFileException.class)
        .isThrownBy(() -> terms("listen: {link-certificate-life: 1m}"))
        .withMessageContaining("listen.link-certificate-life: '1m'");
  }

  private static Terms terms(String listen) throws Exception {
    String text = Configs.story() + "\n" + listen + "\n";
    return Settings.linkTerms(ConfigFile.read("spillway.yaml", text.getBytes(UTF_8)).value());
  }
}
