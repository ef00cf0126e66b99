package dev.spillway.simulator.live;

/** The text format of Prometheus, version 0.0.4. */
final class MetricsPage {
  private final StringBuilder text = new StringBuilder(8_192);

  void type(String name, String type, String help) {
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  void sample(String name, String labels, long value) {
    text.append(name).append('{').append(labels).append("} ").append(value).append('\n');
  }

  void sample(String name, String labels, double value) {
    text.append(name).append('{').append(labels).append("} ").append(value).append('\n');
  }

  CharSequence text() {
    return text;
  }
}
