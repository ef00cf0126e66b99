package dev.spillway.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map.Entry;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlatHeadersTest {
  private static final String[] NAMES = {
    "content-type", "Content-Type", "x-request-id", "retry-after", "x", "connection", "CONNECTION"
  };

  /** Netty's own are right: whatever is done to both, they say the same afterwards. */
  @Test
  void saysWhatNettysHeadersSay() {
    for (int seed = 0; seed < 500; seed++) {
      HttpHeaders ours = FlatHeaders.trusting();
      HttpHeaders nettys = new DefaultHttpHeaders();

      for (int step = 0; step < 40; step++) {
        change(1_000L * seed + step, ours);
        change(1_000L * seed + step, nettys);
      }

      for (String name : NAMES) {
        assertThat(ours.get(name)).as("%d, %s", seed, name).isEqualTo(nettys.get(name));
        assertThat(ours.getAll(AsciiString.of(name))).isEqualTo(nettys.getAll(name));
        assertThat(ours.contains(name)).isEqualTo(nettys.contains(name));
        assertThat(ours.containsValue(name, "close", true))
            .isEqualTo(nettys.containsValue(name, "close", true));
        assertThat(ours.getInt(name)).isEqualTo(nettys.getInt(name));
        assertThat(ours.getShort(name)).isEqualTo(nettys.getShort(name));
      }
      assertThat(ours.size()).isEqualTo(nettys.size());
      assertThat(ours.isEmpty()).isEqualTo(nettys.isEmpty());
      assertThat(sorted(ours.entries())).isEqualTo(sorted(nettys.entries()));
    }
  }

  @Test
  void keepsTheOrderInWhichTheyCame() {
    HttpHeaders headers = FlatHeaders.trusting().add("b", 1).add("a", 2).add("B", 3);

    assertThat(headers.names()).containsExactlyInAnyOrder("a", "b");
    assertThat(headers.toString()).contains("b: 1, a: 2, B: 3");
  }

  @Test
  void readsADate() {
    HttpHeaders headers = FlatHeaders.trusting().set("a", "Thu, 01 Jan 2026 00:00:00 GMT");

    assertThat(headers.getTimeMillis("a")).isEqualTo(1_767_225_600_000L);
    assertThat(headers.set("a", "soon").getTimeMillis("a", -1)).isEqualTo(-1);
    assertThat(headers.getTimeMillis("b")).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a:b", "a\r", "ä", "a\0"})
  void takesNoNameThatIsNone(String name) {
    HttpHeaders headers = FlatHeaders.checking().newHeaders();

    assertThatThrownBy(() -> headers.add(name, "1")).isInstanceOf(IllegalArgumentException.class);
    assertThat(headers.isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nb: c", "a\nb", "a\0", "\u007f"})
  void takesNoValueThatCouldBeMore(String value) {
    HttpHeaders headers = FlatHeaders.checking().newHeaders();

    assertThatThrownBy(() -> headers.set("a", value)).isInstanceOf(IllegalArgumentException.class);
  }

  private static void change(long seed, HttpHeaders headers) {
    Random random = new Random(seed);
    String name = NAMES[random.nextInt(NAMES.length)];
    List<Object> values =
        List.of("1", "42", "keep-alive, Close", "close", "Thu, 01 Jan 2026 00:00:00 GMT", 70_000);
    Object value = values.get(random.nextInt(values.size()));
    switch (random.nextInt(9)) {
      case 0, 1, 2 -> headers.add(name, value);
      case 3 -> headers.add(AsciiString.of(name), value);
      case 4 -> headers.set(name, value);
      case 5 -> headers.set(HttpHeaderNames.CONTENT_TYPE, List.of("a", "b"));
      case 6 -> headers.remove(name);
      case 7 -> headers.addInt(name, 7).setShort("x", (short) 3);
      default -> {
        if (random.nextInt(10) == 0) {
          headers.clear();
        }
      }
    }
  }

  /** Netty sorts by nothing that is said anywhere. */
  private static List<String> sorted(List<Entry<String, String>> entries) {
    List<String> lines = new ArrayList<>();
    entries.forEach(each -> lines.add(each.getKey() + ": " + each.getValue()));
    lines.sort(null);
    return lines;
  }
}
