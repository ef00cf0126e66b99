package dev.spillway.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DialectsTest {
  @Test
  void findsEachDialectByItsOwnName() {
    assertThat(Dialects.names())
        .containsExactly("openai", "azure-openai", "vllm", "sglang", "llamacpp")
        .allSatisfy(name -> assertThat(Dialects.named(name).name()).isEqualTo(name));
  }

  @Test
  void saysWhichDialectsThereAre() {
    assertThatThrownBy(() -> Dialects.named("azure"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "dialect: 'azure' (expected: one of [openai, azure-openai, vllm, sglang, llamacpp])");
  }
}
