package dev.spillway.wire.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.wire.json.ByteSlice;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubMessageTest {
  private static final HubAddress A = new HubAddress("hub-a.example", 8443);
  private static final HubAddress B = new HubAddress("2001:db8::1", 443);

  @Test
  void saysWhichReplicasThereAre() throws Exception {
    HubMessage said = new HubMessage.Replicas(List.of(A, B));

    assertThat(HubMessage.decode(ByteSlice.of(said.encode()))).isEqualTo(said);
    assertThat(new String(said.encode(), StandardCharsets.UTF_8))
        .isEqualTo("{\"replicas\":[\"hub-a.example:8443\",\"[2001:db8::1]:443\"]}");
  }

  @Test
  void saysThatThereAreNone() throws Exception {
    HubMessage said = new HubMessage.Replicas(List.of());

    assertThat(HubMessage.decode(ByteSlice.of(said.encode()))).isEqualTo(said);
  }

  @Test
  void passesOverWhatANewerHubSays() throws Exception {
    assertThat(decoded("{\"tomorrow\":{\"x\":[1]}}")).isEqualTo(new HubMessage.Unknown());
  }

  @Test
  void takesOneOfTwoThatAreTheSame() throws Exception {
    assertThat(decoded("{\"replicas\":[\"hub-a.example:8443\",\"HUB-A.example:8443\"]}"))
        .isEqualTo(new HubMessage.Replicas(List.of(A)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hub", "hub:", ":8443", "hub:0", "hub:65536", "hub:123456", "hub:84 43", "http://hub:80",
        "hub:80/x", "-hub:80", "u@hub:80", "[::1]", "::1:80", "h\u00fcb:80", "", "hub:-1"
      })
  void refusesWhatIsNoAddress(String text) {
    assertThatThrownBy(() -> decoded("{\"replicas\":[\"" + text + "\"]}"))
        .isInstanceOf(MalformedMessage.class);
  }

  @Test
  void refusesMoreThanAnybodyRuns() {
    String many =
        IntStream.range(0, 17).mapToObj(i -> "\"h" + i + ":1\"").collect(Collectors.joining(","));

    assertThatThrownBy(() -> decoded("{\"replicas\":[" + many + "]}"))
        .isInstanceOf(MalformedMessage.class);
  }

  @Test
  void keepsWhoAnnouncedWhom() throws Exception {
    Map<HubAddress, List<HubAddress>> announced = new LinkedHashMap<>();
    announced.put(B, List.of(A));
    announced.put(A, List.of());
    KnownHubs known = new KnownHubs(announced);

    KnownHubs read = KnownHubs.decode(ByteSlice.of(known.encode()));

    assertThat(read).isEqualTo(known);
    assertThat(read.announced().keySet()).containsExactly(B, A);
  }

  private static HubMessage decoded(String json) throws MalformedMessage {
    return HubMessage.decode(ByteSlice.of(json.getBytes(StandardCharsets.UTF_8)));
  }
}
