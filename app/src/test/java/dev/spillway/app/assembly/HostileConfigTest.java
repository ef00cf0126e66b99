package dev.spillway.app.assembly;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.app.yaml.InvalidFileException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever stands for one value of a configuration: it is put in force, or refused in words. */
class HostileConfigTest {
  private static final Pattern VALUE = Pattern.compile("(?<=[a-z]: )[^,{}\\[\\]#\\n]+");

  @TempDir private Path folder = Path.of("");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "-1",
        "1",
        "0.0000001",
        "1e400",
        ".nan",
        ".inf",
        "2147483647",
        "2147483648",
        "9223372036854775807",
        "99999999999999999999",
        "\"\"",
        "[]",
        "{}",
        "[a, a]",
        "{a: a}",
        "null",
        "true",
        "0001-01-01",
        "9999-12-31",
        "999999999d",
        "0s",
        "1ns",
        "1023GiB",
        "0B",
        "9999999999.999999999 USD",
        "9999999999 USD/1M",
        "100%",
        "0%",
        "http://h:0/",
        "http://[::1]:65535/a/../b",
        "https://h",
        "/etc/passwd",
        "a/../../b",
        "*x",
        "&x x",
        "!!java.lang.Runtime x",
        "\"\\0\\uD800\\u202E<script>\""
      })
  void isPutInForceOrRefusedInWords(String hostile) throws Exception {
    Files.writeString(folder.resolve("azure.key"), "key");
    String story = Configs.story().replace("{env: AZURE_OPENAI_KEY}", "{file: azure.key}");
    SecretReader secrets =
        new SecretReader(folder, Map.of("CHATGPT_KEY", "sk-chatgpt", "XAI_KEY", "sk-xai"));
    Generations generations = new Generations("spillway.yaml", secrets);
    Generation first = generations.next(null, story.getBytes(UTF_8), Configs.NOW);
    Matcher values = VALUE.matcher(story);
    int tried = 0;
    while (values.find()) {
      String text = story.substring(0, values.start()) + hostile + story.substring(values.end());
      try {
        generations.next(first, text.getBytes(UTF_8), Configs.NOW);
      } catch (InvalidFileException refused) {
        assertThat(refused.getMessage()).isNotBlank();
      } catch (RuntimeException e) {
        throw new AssertionError("line: " + lineAt(text, values.start()), e);
      }
      tried++;
    }
    assertThat(tried).isGreaterThan(50);
  }

  private static String lineAt(String text, int at) {
    int from = text.lastIndexOf('\n', at) + 1;
    int to = text.indexOf('\n', at);
    return text.substring(from, to < 0 ? text.length() : to);
  }
}
