package dev.spillway.site.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TroubleTest {
  private final Trouble trouble = new Trouble();

  @Test
  void isToldOnceForAsLongAsItStaysTheSame() {
    assertThat(trouble.isNews("nobody there")).isTrue();
    assertThat(trouble.isNews("nobody there")).isFalse();
    assertThat(trouble.isNews("nobody there")).isFalse();
  }

  @Test
  void isToldAgainWhenTheReasonChanges() {
    trouble.isNews("nobody there");

    assertThat(trouble.isNews("revoked")).isTrue();
    assertThat(trouble.isNews("revoked")).isFalse();
    assertThat(trouble.isNews("nobody there")).isTrue();
  }

  @Test
  void isOverOnceAndNewsWhenItComesBack() {
    assertThat(trouble.ends()).as("there was none").isFalse();
    trouble.isNews("nobody there");

    assertThat(trouble.ends()).isTrue();
    assertThat(trouble.ends()).isFalse();
    assertThat(trouble.isNews("nobody there")).isTrue();
  }
}
