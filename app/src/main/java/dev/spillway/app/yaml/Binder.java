package dev.spillway.app.yaml;

/** Makes records of files. */
public final class Binder {
  private final Scalars scalars;

  /** With the types that are written as plain values. */
  public Binder(Scalars scalars) {
    this.scalars = scalars;
  }

  /**
   * Reads a whole file as one record.
   *
   * @throws InvalidFileException if anything in it is unknown, missing, of the wrong type or out of
   *     bounds
   */
  public <T> Bound<T> bind(YamlFile file, Class<T> type) throws InvalidFileException {
    var binding = new Binding(scalars);
    Object value = binding.value(file.root(), type, "");
    if (!binding.problems().isEmpty()) {
      throw new InvalidFileException(file.name(), binding.problems());
    }
    return new Bound<>(type.cast(value), binding.places());
  }
}
