package dev.spillway.gateway.kept;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.DeploymentId;
import dev.spillway.core.model.TenantId;
import dev.spillway.gateway.kept.KeptResponses.Found;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeptResponsesTest {
  private static final byte[] SECRET = "sixteen bytes ok".getBytes(US_ASCII);
  private static final DeploymentId HOME = new DeploymentId("chat-home");
  private static final DeploymentId PARTNER = new DeploymentId("chat-oci");
  private static final TenantId TENANT = new TenantId("team-a");
  private static final TenantId RIVAL = new TenantId("team-b");

  private final KeptResponses kept = new KeptResponses(SECRET, List.of(HOME, PARTNER));

  @Test
  void findsWhereItIsKeptAndWhatItIsCalledThere() {
    String id = kept.name(TENANT, PARTNER, "", "resp_68aF-0");

    assertThat(id).matches("resp_[A-Za-z0-9_-]{24}resp_68aF-0");
    assertThat(kept.find(TENANT, id)).isEqualTo(new Found.At(1, "", "resp_68aF-0"));
  }

  @Test
  void findsItWhereverTheDeploymentStandsInTheTopology() {
    String id = kept.name(TENANT, HOME, "", "resp_1");

    KeptResponses later = new KeptResponses(SECRET, List.of(PARTNER, HOME));

    assertThat(later.find(TENANT, id)).isEqualTo(new Found.At(1, "", "resp_1"));
  }

  @Test
  void takesNoIdThatDiffersInOneCharacterOrIsAnothersOrOfAnotherSecret() {
    String id = kept.name(TENANT, HOME, "", "resp_1");

    for (int i = 0; i < id.length(); i++) {
      char other = id.charAt(i) == 'Q' ? 'R' : 'Q';
      String changed = id.substring(0, i) + other + id.substring(i + 1);
      assertThat(kept.find(TENANT, changed)).as(changed).isInstanceOf(Found.Nothing.class);
    }
    assertThat(kept.find(RIVAL, id)).isInstanceOf(Found.Nothing.class);
    KeptResponses foreign =
        new KeptResponses("another sixteen!".getBytes(US_ASCII), List.of(HOME, PARTNER));
    assertThat(foreign.find(TENANT, id)).isInstanceOf(Found.Nothing.class);
  }

  @Test
  void tellsWhatIsGoneFromWhatNeverWas() {
    String id = kept.name(TENANT, PARTNER, "", "resp_1");
    KeptResponses smaller = new KeptResponses(SECRET, List.of(HOME));

    assertThat(smaller.find(TENANT, id)).isInstanceOf(Found.Gone.class);
    assertThat(smaller.find(RIVAL, id)).isInstanceOf(Found.Nothing.class);
  }

  @Test
  void takesAnyTextForAnId() {
    for (String text : List.of("", "resp_", "resp_1", "resp_" + "A".repeat(24), "\u0000", "é")) {
      assertThat(kept.find(TENANT, text)).as(text).isInstanceOf(Found.Nothing.class);
    }
    assertThat(kept.find(TENANT, "resp_" + "A".repeat(100_000))).isInstanceOf(Found.Nothing.class);
  }

  @Test
  void namesNothingThatCouldLeadToAnotherPath() {
    for (String hostile : List.of("../x", "a?b", "", "a b", "x".repeat(257))) {
      assertThat(kept.name(TENANT, HOME, "", hostile)).isEqualTo(hostile);
    }
  }

  @Test
  void findsTheReplicaThatKeepsIt() {
    String id = kept.name(TENANT, PARTNER, "ab-_3456", "resp_68aF-0");

    assertThat(id).matches("resp_[A-Za-z0-9_-]{24}ab-_3456resp_68aF-0");
    assertThat(kept.find(TENANT, id)).isEqualTo(new Found.At(1, "ab-_3456", "resp_68aF-0"));
    assertThat(kept.find(RIVAL, id)).isInstanceOf(Found.Nothing.class);
    KeptResponses smaller = new KeptResponses(SECRET, List.of(HOME));
    assertThat(smaller.find(TENANT, id)).isInstanceOf(Found.Gone.class);
  }

  @Test
  void takesNoIdWhoseReplicaWasChanged() {
    String id = kept.name(TENANT, PARTNER, "ab-_3456", "resp_1");

    String other = id.replace("ab-_3456", "AB-_3456");

    assertThat(kept.find(TENANT, other)).isInstanceOf(Found.Nothing.class);
  }

  @Test
  void takesNoIdForOneOfTheOtherKind() {
    String plain = kept.name(TENANT, PARTNER, "", "ab-_3456resp_1");
    String named = kept.name(TENANT, PARTNER, "ab-_3456", "resp_1");

    assertThat(kept.find(TENANT, plain)).isEqualTo(new Found.At(1, "", "ab-_3456resp_1"));
    assertThat(kept.find(TENANT, named)).isEqualTo(new Found.At(1, "ab-_3456", "resp_1"));
  }

  @Test
  void countsWhatIsNoReplicasNameAsNone() {
    for (String hostile :
        List.of("x", "ab-_34567", "../../..", "ab cd ef", "\u0000\u00001234567")) {
      String id = kept.name(TENANT, PARTNER, hostile, "resp_1");

      assertThat(kept.find(TENANT, id)).isEqualTo(new Found.At(1, "", "resp_1"));
    }
  }
}
