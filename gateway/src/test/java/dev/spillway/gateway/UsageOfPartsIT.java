package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Usage;
import dev.spillway.core.model.Usage.Source;
import dev.spillway.gateway.telemetry.RequestRecord;
import dev.spillway.gateway.telemetry.RequestRecord.Outcome;
import dev.spillway.testkit.faulty.ChatAnswer;
import dev.spillway.testkit.faulty.Cuts;
import dev.spillway.testkit.faulty.Garbage;
import dev.spillway.testkit.json.JsonTree;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What an answer used that came in parts from several deployments: the client's prompt once, all
 * that was shown, and a word where a part of that is our own count.
 */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UsageOfPartsIT {
  private static final String USAGE = "\"stream_options\":{\"include_usage\":true}";
  private static final String RUNNING_USAGE =
      "\"stream_options\":{\"include_usage\":true,\"continuous_usage_stats\":true}";

  private static final String MARK = "\"spillway\":{\"usage\":\"estimated\"}";
  private static final int SHOWN = 3;

  @RegisterExtension final Providers providers = new Providers(3);

  static Stream<Way> streamed() {
    return Way.streamed();
  }

  static Stream<Way> ways() {
    return Way.all();
  }

  @ParameterizedTest
  @MethodSource("streamed")
  void saysThatTheUsageIsAnEstimateWhereTheFirstPartToldNone(Way way) throws Exception {
    TestHub hub = cutOnce();
    String body = way.body(USAGE);

    ReceivedMessage got = providers.ask(way, hub, body);

    Told.wholeAnswer(got, body);
    assertThat(got.body()).containsOnlyOnce(MARK);
    assertThat(hub.nextEnded().usage()).isEqualTo(expected(body, Source.ESTIMATED));
  }

  @ParameterizedTest
  @MethodSource("streamed")
  void tellsTheProvidersCountsWhereBothToldThem(Way way) throws Exception {
    TestHub hub = cutOnce();
    String body = way.body(RUNNING_USAGE);

    ReceivedMessage got = providers.ask(way, hub, body);

    List<JsonTree> usages = StreamRead.of(got.body()).usages();
    assertThat(usages).allMatch(each -> prompt(each) == ChatAnswer.to(body).promptTokens());
    assertThat(usages.stream().map(UsageOfPartsIT::completion)).isSorted();
    assertThat(completion(usages.getLast())).isEqualTo(ChatAnswer.to(body).completionTokens());
    assertThat(got.body()).doesNotContain(MARK);
    assertThat(hub.nextEnded().usage()).isEqualTo(expected(body, Source.PROVIDER));
  }

  @ParameterizedTest
  @MethodSource("streamed")
  void tellsThemOverTwoSeams(Way way) throws Exception {
    providers.home().will(Cuts.after(1 + SHOWN, Cuts.Way.FIN));
    providers.partner().will(Garbage.error(1 + 2));
    TestHub hub = resumable(3);
    String body = way.body(RUNNING_USAGE);

    ReceivedMessage got = providers.ask(way, hub, body);

    assertThat(StreamRead.of(got.body()).text()).isEqualTo(ChatAnswer.to(body).text());
    assertThat(got.body()).doesNotContain(MARK);
    assertThat(hub.nextEnded().usage()).isEqualTo(expected(body, Source.PROVIDER));
  }

  @ParameterizedTest
  @MethodSource("streamed")
  void countsItselfWhereTheRestToldNone(Way way) throws Exception {
    providers.home().will(Cuts.after(1 + SHOWN, Cuts.Way.FIN));
    providers.partner().will(Garbage.withoutUsage());
    TestHub hub = resumable(2);
    String body = way.body(USAGE);

    ReceivedMessage got = providers.ask(way, hub, body);

    assertThat(got.body()).containsOnlyOnce(MARK);
    Usage usage = hub.nextEnded().usage();
    assertThat(usage.source()).isEqualTo(Source.ESTIMATED);
    assertThat(usage.outputTokens()).isEqualTo(ChatAnswer.to(body).completionTokens());
  }

  @ParameterizedTest
  @MethodSource("ways")
  void saysSoInAnAnswerThatWasStreamedForTheWhole(Way way) throws Exception {
    providers.home().will(Cuts.after(1 + SHOWN, Cuts.Way.FIN));
    TestHub hub = providers.hub(2, plan -> plan.speaking("vllm", "vllm").streamingUpstream());
    String body = way.streams() ? way.body(USAGE) : way.body();

    ReceivedMessage got = providers.ask(way, hub, body);

    Told.wholeAnswer(got, body);
    assertThat(got.body()).containsOnlyOnce(MARK);
  }

  @ParameterizedTest
  @MethodSource("streamed")
  void countsWhatWasShownOfAnAnswerThatNobodyEnds(Way way) throws Exception {
    providers.home().will(Cuts.after(1 + SHOWN, Cuts.Way.FIN));
    providers.partner().will(Cuts.beforeHead(Cuts.Way.FIN));
    TestHub hub = resumable(2);
    String body = way.body();

    ReceivedMessage got = providers.ask(way, hub, body);

    Told.cutAnswer(got, body, "stream broken");
    long words = StreamRead.of(got.body()).text().chars().filter(each -> each == ' ').count();
    RequestRecord record = hub.nextEnded();
    assertThat(record.outcome()).isEqualTo(Outcome.CUT);
    assertThat(record.usage().outputTokens()).isEqualTo(words).isPositive();
    assertThat(record.usage().inputTokens()).isPositive();
    assertThat(record.usage().source()).isEqualTo(Source.ESTIMATED);
  }

  private TestHub cutOnce() throws Exception {
    providers.home().will(Cuts.after(1 + SHOWN, Cuts.Way.FIN));
    return resumable(2);
  }

  private TestHub resumable(int deployments) throws Exception {
    String[] dialects = Stream.generate(() -> "vllm").limit(deployments).toArray(String[]::new);
    return providers.hub(deployments, plan -> plan.speaking(dialects));
  }

  private static Usage expected(String body, Source source) {
    ChatAnswer answer = ChatAnswer.to(body);
    return new Usage(answer.promptTokens(), 0, answer.completionTokens(), source);
  }

  private static long prompt(JsonTree usage) {
    return usage.at("prompt_tokens").numberOr(-1);
  }

  private static long completion(JsonTree usage) {
    return usage.at("completion_tokens").numberOr(-1);
  }
}
