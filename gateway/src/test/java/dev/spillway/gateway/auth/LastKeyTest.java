package dev.spillway.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Priority;
import dev.spillway.core.model.Tenant;
import dev.spillway.core.model.TenantId;
import dev.spillway.core.model.TenantLimits;
import dev.spillway.core.model.WorkloadClass;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LastKeyTest {
  private final KeyDirectory empty = new KeyDirectory(Map.of());
  private final LastKey last = new LastKey();

  @Test
  void findsWhatTheDirectoryFinds() {
    KeyDirectory directory = directory("sk-one");

    assertThat(last.find(directory, "sk-one")).isNotNull();
    assertThat(last.find(directory, "sk-one")).isSameAs(directory.find("sk-one"));
    assertThat(last.find(directory, "sk-two")).isNull();
    assertThat(last.find(directory, "sk-one")).isNotNull();
  }

  @Test
  void forgetsAKeyThatIsTakenAway() {
    assertThat(last.find(directory("sk-one"), "sk-one")).isNotNull();

    assertThat(last.find(empty, "sk-one")).isNull();
  }

  @Test
  void learnsAKeyThatIsGiven() {
    assertThat(last.find(empty, "sk-one")).isNull();

    assertThat(last.find(directory("sk-one"), "sk-one")).isNotNull();
  }

  private static KeyDirectory directory(String key) {
    Tenant tenant =
        new Tenant(
            new TenantId("app"),
            List.of(WorkloadClass.ONLINE_INFERENCE),
            Priority.NORMAL,
            List.of(),
            List.of(),
            List.of(),
            TenantLimits.NONE);
    Grant grant = new Grant(tenant, tenant.classes(), "salt");
    return new KeyDirectory(Map.of(KeyDirectory.sha256(key), grant));
  }
}
