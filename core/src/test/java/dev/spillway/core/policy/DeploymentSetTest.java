package dev.spillway.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeploymentSetTest {
  private static final DeploymentSet SOME = of(0, 1, 63, 64, 200);

  @Test
  void holdsWhatItWasMadeOf() {
    assertThat(SOME.contains(0)).isTrue();
    assertThat(SOME.contains(2)).isFalse();
    assertThat(SOME.contains(63)).isTrue();
    assertThat(SOME.contains(64)).isTrue();
    assertThat(SOME.contains(65)).isFalse();
    assertThat(SOME.contains(199)).isFalse();
    assertThat(SOME.contains(200)).isTrue();
    assertThat(SOME.contains(256)).isFalse();
    assertThat(SOME.contains(10_000)).isFalse();
  }

  @Test
  void isWalkedInOrder() {
    List<Integer> walked = new ArrayList<>();
    for (int i = SOME.next(0); i >= 0; i = SOME.next(i + 1)) {
      walked.add(i);
    }

    assertThat(walked).containsExactly(0, 1, 63, 64, 200);
    assertThat(SOME.next(201)).isEqualTo(-1);
    assertThat(SOME.next(255)).isEqualTo(-1);
    assertThat(SOME.next(256)).isEqualTo(-1);
    assertThat(DeploymentSet.NONE.next(0)).isEqualTo(-1);
  }

  @Test
  void isEqualWhenItHoldsTheSame() {
    assertThat(SOME)
        .isEqualTo(of(200, 64, 63, 1, 0))
        .isNotEqualTo(of(0, 1, 63, 64))
        .isNotEqualTo(null);
    assertThat(SOME).hasSameHashCodeAs(of(200, 64, 63, 1, 0));
    assertThat(of(1).hashCode()).isNotEqualTo(of(2).hashCode());
    assertThat(of()).isEqualTo(DeploymentSet.NONE);
    assertThat(SOME).hasToString("{0, 1, 63, 64, 200}");
  }

  @Test
  void countsItsMembers() {
    assertThat(SOME.size()).isEqualTo(5);
    assertThat(SOME.isEmpty()).isFalse();
    assertThat(of().isEmpty()).isTrue();
    assertThat(of(0).isEmpty()).isFalse();
  }

  private static DeploymentSet of(int... members) {
    BitSet bits = new BitSet();
    for (int member : members) {
      bits.set(member);
    }
    return DeploymentSet.of(bits);
  }
}
