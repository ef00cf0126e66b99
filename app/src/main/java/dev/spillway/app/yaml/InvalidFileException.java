package dev.spillway.app.yaml;

import static java.util.stream.Collectors.joining;

import java.io.Serial;
import java.util.Comparator;
import java.util.List;

/** A file cannot be used; it names every problem, in the order of their lines. */
public final class InvalidFileException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  /** More would not be read. */
  private static final int MOST_SHOWN = 50;

  private final transient List<Problem> problems;

  /**
   * With what was found.
   *
   * @param file its name, as people know it
   * @param problems at least one
   */
  public InvalidFileException(String file, List<Problem> problems) {
    super(text(file, sorted(problems)));
    this.problems = sorted(problems);
  }

  /** One line for each problem, up to fifty. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }

  /** At least one, in the order of their lines. */
  public List<Problem> problems() {
    return problems;
  }

  private static List<Problem> sorted(List<Problem> problems) {
    return problems.stream().sorted(Comparator.comparingInt(Problem::line)).distinct().toList();
  }

  private static String text(String file, List<Problem> problems) {
    String shown =
        problems.stream().limit(MOST_SHOWN).map(each -> each.in(file)).collect(joining("\n"));
    int more = problems.size() - MOST_SHOWN;
    return more > 0 ? shown + "\n" + file + ": and " + more + " more" : shown;
  }
}
