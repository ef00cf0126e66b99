package dev.spillway.app.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RehearsalTest {
  @Test
  void answersAllItAsks() throws Exception {
    Rehearsal.Answered answered = Rehearsal.play();

    assertThat(answered.whole()).isPositive();
    assertThat(answered.streamed()).isPositive();
    assertThat(answered.all()).as(answered.toString()).isTrue();
  }
}
