package dev.spillway.core.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spillway.core.model.Capacity;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.Geography;
import dev.spillway.core.model.ModelName;
import dev.spillway.core.model.PlatformId;
import dev.spillway.core.model.Price;
import dev.spillway.core.model.ProviderId;
import dev.spillway.core.model.Site;
import dev.spillway.core.model.SiteId;
import dev.spillway.core.model.Speed;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A deployment whose speed somebody measured. */
class MeasuredSpeedTest {
  private static final Speed ASSUMED = new Speed(20, 10_000, 10, 0.1);
  private static final Speed MEASURED = new Speed(50, 1_000, 30, 0.3);

  private final LiveDeployment deployment = deployment(ASSUMED);

  @Test
  void countsBeforeWhatWasAssumed() {
    deployment.measured(MEASURED);

    assertThat(deployment.prefillTokensPerSecond()).isCloseTo(1_000, within(1d));
    assertThat(deployment.prefillMillis(2_000)).isCloseTo(50 + 2_000, within(1d));
    assertThat(deployment.parts().decode.tpotMillis(10)).isCloseTo(30 + 3, within(0.1));
  }

  @Test
  void isHeardOnceWhileItStaysTheSameSoThatRequestsCanTeachMore() {
    deployment.measured(MEASURED);
    learn();
    double learnt = deployment.prefillTokensPerSecond();

    for (int i = 0; i < 100; i++) {
      deployment.measured(new Speed(50, 1_000 + i, 30 + i / 50.0, 0.3));
    }

    assertThat(learnt).isGreaterThan(1_200);
    assertThat(deployment.prefillTokensPerSecond()).isEqualTo(learnt);
  }

  @Test
  void isHeardAgainWhenItIsAnother() {
    deployment.measured(MEASURED);
    learn();

    deployment.measured(new Speed(50, 2_600, 30, 0.3));

    assertThat(deployment.prefillTokensPerSecond()).isCloseTo(2_600, within(1d));
  }

  @Test
  void staysHeardUnderANewConfiguration() {
    deployment.measured(MEASURED);
    learn();
    double learnt = deployment.prefillTokensPerSecond();

    LiveDeployment next = deployment.successor(deployment.deployment(), DeploymentTuning.DEFAULT);
    next.measured(MEASURED);

    assertThat(next.prefillTokensPerSecond()).isEqualTo(learnt);
  }

  /** Requests are read faster than was measured. */
  private void learn() {
    for (int i = 0; i < 50; i++) {
      deployment.parts().firstToken.observe(2_000, 0, 0, 50 + 1_000);
    }
  }

  private static LiveDeployment deployment(Speed speed) {
    Site site =
        new Site(
            new SiteId("oci-chicago"),
            new ProviderId("oracle"),
            Site.Role.PARTNER,
            new Geography("us"),
            new PlatformId("azure-ai"),
            Duration.ofMillis(2));
    return new LiveDeployment(
        new Deployment(
            new DeploymentId("chat"),
            site,
            new ModelName("gpt-4o"),
            null,
            new Capacity.SelfHosted(2, 8, 40_000),
            Price.FREE,
            speed,
            100_000),
        DeploymentTuning.DEFAULT);
  }
}
