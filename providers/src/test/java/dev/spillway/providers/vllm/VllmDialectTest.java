package dev.spillway.providers.vllm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Priority;
import dev.spillway.testkit.DialectContract;
import dev.spillway.testkit.Translation;
import dev.spillway.wire.dialect.Dialect;
import dev.spillway.wire.dialect.UpstreamTarget.EngineOrder;
import org.junit.jupiter.api.Test;

class VllmDialectTest extends DialectContract {
  private static final String BODY = "{\"priority\":9,\"model\":\"m\",\"messages\":[{}]}";

  private final VllmDialect vllm = new VllmDialect();

  @Override
  protected Dialect dialect() {
    return vllm;
  }

  @Test
  void asksForTheOrderOfPrioritiesOnlyOfAnEngineThatKeepsIt() {
    assertThat(sent(EngineOrder.PRIORITY, Priority.HIGH)).contains("\"priority\":-1,");
    assertThat(sent(EngineOrder.PRIORITY, Priority.NORMAL)).contains("\"priority\":0,");
    assertThat(sent(EngineOrder.PRIORITY, Priority.LOW)).contains("\"priority\":1,");
    assertThat(sent(EngineOrder.ARRIVAL, Priority.HIGH)).doesNotContain("priority");
  }

  @Test
  void keepsTenantsPrefixesApart() {
    assertThat(sent(EngineOrder.ARRIVAL, Priority.NORMAL))
        .contains("\"cache_salt\":\"" + Translation.SALT + "\"");
  }

  private String sent(EngineOrder order, Priority priority) {
    return new Translation(vllm, order, priority).of(BODY);
  }
}
