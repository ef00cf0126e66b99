package dev.spillway.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.app.assembly.Configs;
import org.junit.jupiter.api.Test;

class ExplainCommandTest {
  private static final String STORY =
      Configs.examples().resolve("home-and-partner.yaml").toString();

  @Test
  void showsThePredictedTermsOfWhatIsChosen() {
    var ran = explain("--tenant", "chatgpt", "--model", "gpt-4o");

    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out())
        .startsWith("decision 1, after 0.0 ms: chat-home, the cheapest that meets the objective\n")
        .containsPattern("chat-home +[0-9.]+ +2\\.0 +0\\.0 +[0-9.]+ .* chosen\n")
        .contains("home has headroom and is offered the request first");
  }

  @Test
  void citesTheClauseThatRulesADeploymentOut() {
    var ran = explain("--tenant", "labs", "--model", "gpt-4o");

    assertThat(ran.out())
        .containsPattern("chat-oci .* clause pretraining-home: pretraining runs at azure-eastus2");
  }

  @Test
  void endsWithOneIfTheRequestWouldGoNowhere() {
    var elsewhere = explain("--tenant", "chatgpt", "--model", "gpt-4o", "--residency", "eu");

    assertThat(elsewhere.exitCode()).isEqualTo(1);
    assertThat(elsewhere.out()).contains("nowhere, the contract allows none", "data stays in eu");
    assertThat(explain("--tenant", "xai", "--model", "gpt-4o").out())
        .contains("clause spillway:grant: gpt-4o is not granted to xai");
  }

  @Test
  void knowsAliasesAndClasses() {
    var alias = explain("--tenant", "chatgpt", "--model", "gpt-4o-2024-08-06");
    var workload =
        explain("--tenant", "chatgpt", "--model", "gpt-4o", "--class", "batch-inference");

    assertThat(alias.exitCode()).isZero();
    assertThat(workload.out()).contains("batch-inference is not granted to chatgpt");
  }

  @Test
  void takesALongerInputForALongerPrefill() {
    var shortOne = explain("--tenant", "chatgpt", "--model", "gpt-4o", "--input-tokens", "10");
    var longOne = explain("--tenant", "chatgpt", "--model", "gpt-4o", "--input-tokens", "9000");

    assertThat(shortOne.out()).contains("chat-home").isNotEqualTo(longOne.out());
  }

  @Test
  void answersProgramsInJson() {
    var ran = explain("--tenant", "labs", "--model", "gpt-4o", "--output", "json");

    assertThat(ran.out())
        .startsWith("{\"decisions\":[{\"number\":1,\"chosen\":\"chat-home\",")
        .contains("\"verdict\":\"excluded\",\"clause\":\"pretraining-home\"");
  }

  @Test
  void saysWhatCouldHaveBeenTyped() {
    assertThat(explain("--tenant", "nobody", "--model", "gpt-4o").err())
        .contains("--tenant: 'nobody' (expected: one of chatgpt, labs, xai)");
    assertThat(explain("--tenant", "labs", "--model", "gpt-5").err())
        .contains("--model: 'gpt-5' (expected: one of gpt-4o, grok-2)");
    assertThat(explain("--tenant", "labs", "--model", "gpt-4o", "--class", "x").err())
        .contains("--class: 'x' (expected: one of online-inference,");
  }

  @Test
  void saysThatNoHubAnswers() {
    var ran = Commands.run("explain", "d-1", "--admin", "http://127.0.0.1:1");

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).contains("no hub answers at http://127.0.0.1:1");
  }

  @Test
  void needsOneOfItsTwoSubjects() {
    assertThat(Commands.run("explain").exitCode()).isEqualTo(2);
  }

  private static Commands.Ran explain(String... arguments) {
    String[] all = new String[arguments.length + 3];
    all[0] = "explain";
    all[1] = "--config";
    all[2] = STORY;
    System.arraycopy(arguments, 0, all, 3, arguments.length);
    return Commands.run(all);
  }
}
