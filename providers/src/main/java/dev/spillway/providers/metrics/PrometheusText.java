package dev.spillway.providers.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads the Prometheus text format, version 0.0.4 (prometheus.io, exposition formats, 2026).
 *
 * <p>Strict: a line that is neither a comment nor a sample makes the whole page unreadable, because
 * half a page would be half a load. Labels are checked for their form and not kept: what is read
 * here is summed over all of them.
 */
public final class PrometheusText {
  private static final int MAX_LINES = 100_000;
  private static final int MAX_VALUE_CHARACTERS = 64;
  private static final Pattern SPACE = Pattern.compile("[ \\t]+");
  private static final Pattern TIMESTAMP = Pattern.compile("-?\\d{1,18}");
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,4})?");

  private final String line;
  private final int number;
  private int at;

  private PrometheusText(String line, int number) {
    this.line = line;
    this.number = number;
  }

  /**
   * The samples of the metrics that are wanted, in the order of the page.
   *
   * @throws MalformedMetrics if any line of the page is wrong, wanted or not
   */
  public static List<Sample> read(String page, Set<String> wanted) throws MalformedMetrics {
    List<Sample> samples = new ArrayList<>();
    int number = 0;
    for (String line : page.split("\n", -1)) {
      if (++number > MAX_LINES) {
        throw new MalformedMetrics(number, "more than " + MAX_LINES + " lines");
      }
      String text = line.strip();
      if (text.isEmpty() || text.startsWith("#")) {
        continue;
      }
      Sample sample = new PrometheusText(text, number).sample();
      if (wanted.contains(sample.name())) {
        samples.add(sample);
      }
    }
    return samples;
  }

  private Sample sample() throws MalformedMetrics {
    String name = name(":");
    skipSpace();
    if (at < line.length() && line.charAt(at) == '{') {
      at++;
      labels();
      skipSpace();
    }
    String[] rest = SPACE.split(line.substring(at), -1);
    if (rest.length > 2 || (rest.length == 2 && !TIMESTAMP.matcher(rest[1]).matches())) {
      throw malformed("no value and timestamp");
    }
    return new Sample(name, value(rest[0]));
  }

  private void labels() throws MalformedMetrics {
    skipSpace();
    while (at < line.length() && line.charAt(at) != '}') {
      String label = name("");
      skipSpace();
      expect('=');
      skipSpace();
      quoted();
      skipSpace();
      if (at < line.length() && line.charAt(at) == ',') {
        at++;
        skipSpace();
      } else if (at < line.length() && line.charAt(at) != '}') {
        throw malformed("no comma after the label " + label);
      }
    }
    expect('}');
  }

  private String name(String alsoAllowed) throws MalformedMetrics {
    int from = at;
    while (at < line.length() && isNamePart(line.charAt(at), at > from, alsoAllowed)) {
      at++;
    }
    if (at == from) {
      throw malformed("no name");
    }
    return line.substring(from, at);
  }

  private static boolean isNamePart(char c, boolean digitsToo, String alsoAllowed) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || c == '_'
        || (digitsToo && c >= '0' && c <= '9')
        || alsoAllowed.indexOf(c) >= 0;
  }

  private void quoted() throws MalformedMetrics {
    expect('"');
    while (at < line.length() && line.charAt(at) != '"') {
      if (line.charAt(at) == '\\') {
        at++;
        if (at == line.length() || "\\\"n".indexOf(line.charAt(at)) < 0) {
          throw malformed("an unknown escape in a label");
        }
      }
      at++;
    }
    expect('"');
  }

  private double value(String text) throws MalformedMetrics {
    return switch (text) {
      case "NaN" -> Double.NaN;
      case "+Inf", "Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> {
        if (text.length() > MAX_VALUE_CHARACTERS || !DECIMAL.matcher(text).matches()) {
          throw malformed("no number for a value");
        }
        yield Double.parseDouble(text);
      }
    };
  }

  private void expect(char c) throws MalformedMetrics {
    if (at >= line.length() || line.charAt(at) != c) {
      throw malformed("no '" + c + "'");
    }
    at++;
  }

  private void skipSpace() {
    while (at < line.length() && (line.charAt(at) == ' ' || line.charAt(at) == '\t')) {
      at++;
    }
  }

  private MalformedMetrics malformed(String what) {
    return new MalformedMetrics(number, what);
  }
}
