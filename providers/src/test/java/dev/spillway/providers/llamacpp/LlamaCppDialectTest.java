package dev.spillway.providers.llamacpp;

import dev.spillway.testkit.DialectContract;
import dev.spillway.wire.dialect.Dialect;

class LlamaCppDialectTest extends DialectContract {
  @Override
  protected Dialect dialect() {
    return new LlamaCppDialect();
  }
}
