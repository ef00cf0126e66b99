package dev.spillway.wire.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.wire.json.ByteSlice;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class KnownHubsTest {
  private static final HubAddress A = new HubAddress("hub-a.example", 8443);
  private static final HubAddress B = new HubAddress("hub-b.example", 8443);
  private static final HubAddress C = new HubAddress("hub-c.example", 8443);
  private static final HubAddress D = new HubAddress("hub-d.example", 8443);

  @Test
  void countsThoseToldOfFirstThenWhomTheyAnnounceThenWhomThoseAnnounce() {
    KnownHubs known = new KnownHubs(Map.of(A, List.of(C, A), C, List.of(D, B)));

    assertThat(known.from(List.of(A, B))).containsExactly(A, B, C, D);
  }

  @Test
  void countsNobodyWhomOnlyOneAnnouncesThatDoesNotCount() {
    KnownHubs known = new KnownHubs(Map.of(C, List.of(D)));

    assertThat(known.from(List.of(A))).containsExactly(A);
  }

  @Test
  void countsSixtyFourAtTheMostHoweverManyAreAnnounced() {
    List<HubAddress> many =
        IntStream.range(1, 1_000).mapToObj(port -> new HubAddress("hub.example", port)).toList();

    assertThat(new KnownHubs(Map.of(A, many)).from(List.of(A))).hasSize(64).startsWith(A);
  }

  @Test
  void isReadAsItWasKept() throws MalformedMessage {
    KnownHubs known = new KnownHubs(Map.of(A, List.of(B, new HubAddress("::1", 1))));

    assertThat(KnownHubs.decode(ByteSlice.of(known.encode()))).isEqualTo(known);
  }
}
