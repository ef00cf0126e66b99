package dev.spillway.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.provider.EngineModels;
import dev.spillway.core.provider.ProviderException;
import dev.spillway.site.engine.EngineAddress;
import dev.spillway.site.engine.Replica;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When an engine is asked what it serves, and what is believed of it. */
class ModelsProbeTest {
  private static final long SECOND = 1_000_000_000;
  private static final EngineModels CHAT = new EngineModels(List.of("chat"), 8_192);
  private static final EngineModels LONGER = new EngineModels(List.of("chat"), 32_768);

  private final Replica replica = new Replica(new EngineAddress("engine", 8_000, "/v1"), "mark");
  private final ModelsProbe probe = new ModelsProbe(replica, this::read);
  private @Nullable EngineModels says = CHAT;
  private long now = Long.MAX_VALUE - SECOND; // monotonic clocks wrap
  private int asked;

  @Test
  void asksAtOnceAndThenEveryThirtySeconds() throws InterruptedException {
    askEverySecond(1);
    assertThat(replica.models()).isEqualTo(CHAT);
    says = LONGER;

    askEverySecond(29);
    assertThat(replica.models()).isEqualTo(CHAT);
    askEverySecond(1);

    assertThat(replica.models()).isEqualTo(LONGER);
    assertThat(asked).isEqualTo(2);
  }

  @Test
  void asksAgainWhenItIsBack() throws InterruptedException {
    askEverySecond(1);
    says = LONGER;

    probe.isBack();
    askEverySecond(1);

    assertThat(replica.models()).isEqualTo(LONGER);
    askEverySecond(29);
    assertThat(asked).isEqualTo(2);
  }

  @Test
  void keepsWhatWasKnownOfOneThatIsLateAndAsksSooner() throws InterruptedException {
    askEverySecond(1);
    says = null;
    askEverySecond(30);
    assertThat(replica.models()).isEqualTo(CHAT);
    assertThat(asked).isEqualTo(2);

    says = LONGER;
    askEverySecond(5);

    assertThat(asked).isEqualTo(3);
    assertThat(replica.models()).isEqualTo(LONGER);
  }

  @Test
  void believesOneThatSaysNothingAnyMore() throws InterruptedException {
    askEverySecond(1);
    says = EngineModels.UNKNOWN;

    askEverySecond(30);

    assertThat(replica.models()).isEqualTo(EngineModels.UNKNOWN);
  }

  @Test
  void forgetsWhatOneServedThatIsGone() throws InterruptedException {
    askEverySecond(1);

    probe.forget();

    assertThat(replica.models()).isEqualTo(EngineModels.UNKNOWN);
  }

  @Test
  void asksNobodyWhoIsNotToBeAsked() throws InterruptedException {
    new ModelsProbe(replica, null).ask(now);

    assertThat(replica.models()).isEqualTo(EngineModels.UNKNOWN);
  }

  private EngineModels read() throws ProviderException {
    asked++;
    EngineModels answer = says;
    if (answer == null) {
      throw new ProviderException("late");
    }
    return answer;
  }

  private void askEverySecond(int times) throws InterruptedException {
    for (int i = 0; i < times; i++) {
      probe.ask(now);
      now += SECOND;
    }
  }
}
