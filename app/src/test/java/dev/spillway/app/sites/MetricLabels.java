package dev.spillway.app.sites;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The labels of each metric, as they are written down and as a hub shows them. */
final class MetricLabels {
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+)` \\| ([\\w, ]*?) *\\|");
  private static final Pattern LABEL = Pattern.compile("[{,](\\w+)=\"");

  /** Of a histogram's buckets, whatever is measured. */
  private static final String BOUND = "le";

  private MetricLabels() {}

  /** Those in {@code docs/metrics.md}. */
  static Map<String, Set<String>> written() throws IOException {
    Map<String, Set<String>> labels = new TreeMap<>();
    Matcher row = ROW.matcher(Files.readString(Path.of("../docs/metrics.md")));
    while (row.find()) {
      Set<String> of = new TreeSet<>(Set.of(row.group(2).split(", *")));
      of.remove("");
      labels.put(row.group(1), of);
    }
    return labels;
  }

  /** Those on a page of {@code /metrics}; the greatest of a histogram is one with it. */
  static Map<String, Set<String>> shown(String page) {
    Map<String, Set<String>> labels = new TreeMap<>();
    Set<String> current = Set.of();
    for (String line : page.lines().toList()) {
      if (line.startsWith("# TYPE ")) {
        String name = line.split(" ", -1)[2].replaceFirst("_max$", "");
        current = labels.computeIfAbsent(name, _ -> new TreeSet<>());
      } else if (!line.startsWith("#")) {
        Matcher label = LABEL.matcher(line);
        while (label.find()) {
          current.add(label.group(1));
        }
      }
    }
    labels.values().forEach(each -> each.remove(BOUND));
    return labels;
  }
}
