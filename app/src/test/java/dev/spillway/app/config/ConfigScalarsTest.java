package dev.spillway.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.app.yaml.Binder;
import dev.spillway.app.yaml.InvalidFileException;
import dev.spillway.app.yaml.Key;
import dev.spillway.app.yaml.YamlFile;
import dev.spillway.core.model.NanoUsd;
import java.net.URI;
import java.time.Duration;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigScalarsTest {
  record Wait(@Key("it") Duration it) {}

  record Day(@Key("it") LocalDate it) {}

  record Size(@Key("it") ByteSize it) {}

  record Part(@Key("it") Share it) {}

  record Money(@Key("it") NanoUsd it) {}

  record Tokens(@Key("it") TokenPrice it) {}

  record At(@Key("it") Address it) {}

  record Dialled(@Key("it") EngineUrl it) {}

  record Where(@Key("it") URI it) {}

  @ParameterizedTest
  @CsvSource({
    "250ms, PT0.25S",
    "1s, PT1S",
    "1.5s, PT1.5S",
    "10m, PT10M",
    "2h, PT2H",
    "7d, PT168H",
    "20us, PT0.00002S",
    "5ns, PT0.000000005S",
    "0s, PT0S"
  })
  void readsDurations(String text, Duration expected) throws InvalidFileException {
    assertThat(bind(text, Wait.class).it()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "1 s", "s", "-1s", "1S", "1e3s", "0.5ns", "999999999999d", "1s1s"})
  void refusesWhatIsNoDuration(String text) {
    refuses(text, Wait.class, "a duration with its unit");
  }

  @ParameterizedTest
  @CsvSource({"0B, 0", "16KiB, 16384", "10MiB, 10485760", "1GiB, 1073741824"})
  void readsSizes(String text, long bytes) throws InvalidFileException {
    assertThat(bind(text, Size.class).it().bytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"16", "16KB", "16 KiB", "-1KiB", "1.5KiB", "9999999999GiB"})
  void refusesWhatIsNoSize(String text) {
    refuses(text, Size.class, "a size with its unit");
  }

  @ParameterizedTest
  @CsvSource({"99.5%, 0.995", "0%, 0", "100%, 1", "0.1%, 0.001"})
  void readsSharesExactly(String text, double share) throws InvalidFileException {
    assertThat(bind(text, Part.class).it().value()).isEqualTo(share);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.995", "99.5", "'%'", "-1%"})
  void refusesWhatIsNoShare(String text) {
    refuses(text, Part.class, "a share such as 99.5%");
  }

  @ParameterizedTest
  @CsvSource({"1.00 USD, 1000000000", "2000000 USD, 2000000000000000", "0.000000001 USD, 1"})
  void readsMoneyToTheNano(String text, long nano) throws InvalidFileException {
    assertThat(bind(text, Money.class).it()).isEqualTo(new NanoUsd(nano));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.00", "1 EUR", "-1 USD", "1,00 USD", "9999999999 USD", "USD"})
  void refusesWhatIsNoMoney(String text) {
    refuses("'" + text + "'", Money.class, "an amount such as 1.00 USD");
  }

  @Test
  void readsPricesPerMillion() throws InvalidFileException {
    assertThat(bind("2.50 USD/1M", Tokens.class).it()).isEqualTo(new TokenPrice(2_500_000_000L));
    refuses("2.50 USD", Tokens.class, "a price such as 2.50 USD/1M");
    refuses("2.50 USD/1K", Tokens.class, "a price such as 2.50 USD/1M");
  }

  @Test
  void readsDays() throws InvalidFileException {
    assertThat(bind("2023-01-23", Day.class).it()).isEqualTo(LocalDate.of(2023, 1, 23));
    refuses("2023-02-30", Day.class, "a day such as 2024-06-11");
    refuses("23.01.2023", Day.class, "a day such as 2024-06-11");
  }

  @Test
  void readsAddresses() throws InvalidFileException {
    assertThat(bind("127.0.0.1:8080", At.class).it()).isEqualTo(new Address("127.0.0.1", 8080));
    assertThat(bind("'[::1]:0'", At.class).it()).isEqualTo(new Address("::1", 0));
    refuses("8080", At.class, "host and port");
    refuses("127.0.0.1:65536", At.class, "host and port");
    refuses("'::1:80'", At.class, "host and port");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://host",
        "host:80",
        "http://",
        "http://me:pw@host",
        "http://host?x=1",
        "http://host:99999",
        "http://host#x",
        "'http://a b'",
        "http:/host",
        "http://my_engine:8000",
        "'http://[host'"
      })
  void refusesWhatIsNoUrl(String text) {
    refuses(text, Where.class, "a URL such as");
  }

  /** Names of containers have them; a URL, to Java, has no host then. */
  @Test
  void saysWhatIsWrongWithAHostOfAnotherForm() {
    refuses(
        "http://my_engine:8000",
        Where.class,
        "a URL such as https://contoso.openai.azure.com, without user, query or fragment, and no _"
            + " in its host)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://engine:8000", "http://my_engine:8000", "http://me@engine:8000"})
  void refusesWhatNoAgentCouldDial(String text) {
    refuses(text, Dialled.class, "a URL such as http://127.0.0.1:8000, without TLS");
  }

  @Test
  void readsUrls() throws InvalidFileException {
    assertThat(bind("http://127.0.0.1:8001", Where.class).it())
        .isEqualTo(URI.create("http://127.0.0.1:8001"));
    assertThat(bind("https://h.example/openai/v1", Where.class).it().getPath())
        .isEqualTo("/openai/v1");
  }

  private static <T> T bind(String text, Class<T> type) throws InvalidFileException {
    YamlFile file = YamlFile.of("f.yaml", ("it: " + text).getBytes(UTF_8));
    return new Binder(ConfigScalars.ALL).bind(file, type).value();
  }

  private static void refuses(String text, Class<?> type, String expected) {
    assertThatThrownBy(() -> bind(text, type))
        .as(text)
        .isInstanceOf(InvalidFileException.class)
        .hasMessageStartingWith("f.yaml:1: it: '")
        .hasMessageContaining("(expected: " + expected);
  }
}
