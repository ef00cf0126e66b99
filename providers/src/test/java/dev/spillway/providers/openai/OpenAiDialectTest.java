package dev.spillway.providers.openai;

import dev.spillway.testkit.DialectContract;
import dev.spillway.wire.dialect.Dialect;

class OpenAiDialectTest extends DialectContract {
  @Override
  protected Dialect dialect() {
    return new OpenAiDialect();
  }
}
