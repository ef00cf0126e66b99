package dev.spillway.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IdsTest {
  @Test
  void noTwoAreAlike() {
    Ids one = new Ids();
    Ids other = new Ids();
    Set<String> made = new HashSet<>();

    for (int i = 0; i < 50_000; i++) {
      made.add(one.nextRequestId());
      made.add(one.nextDecisionId());
      made.add(other.nextRequestId());
    }

    assertThat(made).hasSize(150_000);
  }

  @Test
  void theyCountInLettersAndDigits() {
    Ids ids = new Ids();
    String first = ids.nextRequestId();
    String beginning = first.substring(0, first.length() - 1);

    assertThat(first).matches("req-[0-9a-z]+-1");
    for (int i = 2; i <= 50_000; i++) {
      assertThat(ids.nextRequestId()).isEqualTo(beginning + Integer.toString(i, 36));
    }
    assertThat(ids.nextDecisionId())
        .isEqualTo(beginning.replace("req-", "d-") + Integer.toString(50_001, 36));
  }
}
