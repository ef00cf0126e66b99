package dev.spillway.app.cli;

import dev.spillway.app.yaml.Scalars;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads times as the configuration has them. */
final class DurationConverter implements ITypeConverter<Duration> {
  @Override
  public Duration convert(String text) {
    try {
      return Scalars.duration(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException("'" + text + "' (expected: such as 250ms, 5s or 10m)");
    }
  }
}
