package dev.spillway.simulator.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.simulator.trace.TraceCut;
import dev.spillway.simulator.trace.TraceReader;
import dev.spillway.simulator.trace.TraceRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The Azure conversation trace on home and partner, engines up to a fifth off their profile. */
class HomeAndPartnerTest {
  private static final Path TRACE = Path.of("../data/azure-2023/AzureLLMInferenceTrace_conv.csv");
  private static final int HOME_UNITS = 600;
  private static final int HOME_ENGINES = 6;
  private static final double LIGHT = 2;
  private static final double HEAVY = 8;

  @Test
  void staysAtHomeWhileHomeHasRoom() throws IOException {
    Story story = new Story(HOME_UNITS, 12);

    story.play(load(LIGHT), HOME_ENGINES, 1);

    assertThat(story.spilled()).isZero();
    assertThat(story.attainment()).isGreaterThan(0.992);
  }

  @Test
  void spillsBeforeHomeRefusesAndKeepsItsPromise() throws IOException {
    Story story = new Story(HOME_UNITS, 12);

    story.play(load(HEAVY), HOME_ENGINES, 1);

    assertThat(story.whole()).isEqualTo(story.endings.size());
    assertThat(story.attainment()).isGreaterThan(0.992);
    assertThat(story.spilled()).isBetween(0.5, 0.9);
    assertThat((double) story.refusedByHome)
        .as("429s of home for %.0f spilled", story.spilled() * story.endings.size())
        .isLessThanOrEqualTo(0.01 * story.spilled() * story.endings.size());
  }

  @Test
  void homeAloneCannotServeTheSameLoad() throws IOException {
    Story story = new Story(HOME_UNITS, 0);

    story.play(load(HEAVY), HOME_ENGINES, 1);

    assertThat(story.attainment()).isLessThan(0.5);
  }

  @Test
  void anOutageOfHomeCutsOnlyAnswersThatHadBegun() throws IOException {
    Story story = new Story(HOME_UNITS, 12);

    story.play(load(HEAVY), HOME_ENGINES, 1, Duration.ofSeconds(30), Duration.ofSeconds(20));

    assertThat(story.endings)
        .allMatch(ending -> ending instanceof Ending.Whole || ending instanceof Ending.Cut);
    assertThat(story.endings).anyMatch(Ending.Cut.class::isInstance);
  }

  @Test
  void theSameSeedGivesTheSameRun() throws IOException {
    Story one = new Story(HOME_UNITS, 12);
    Story other = new Story(HOME_UNITS, 12);

    one.play(load(HEAVY), HOME_ENGINES, 7);
    other.play(load(HEAVY), HOME_ENGINES, 7);

    assertThat(other.log).isEqualTo(one.log);
  }

  private static List<TraceRequest> load(double speed) throws IOException {
    return TraceReader.readAll(
        TRACE, TraceCut.WHOLE.lasting(Duration.ofMinutes(15)).atSpeed(speed));
  }
}
