package dev.spillway.wire.sse;

import java.util.ArrayList;
import java.util.List;

/**
 * The data of the events of a whole stream, read as the HTML standard tells it, word by word;
 * events of empty data left out.
 */
final class PlainReader {
  private PlainReader() {}

  static List<String> data(String stream) {
    String text = stream.startsWith("\uFEFF") ? stream.substring(1) : stream;
    String[] lines = text.replace("\r\n", "\n").replace('\r', '\n').split("\n", -1);
    List<String> events = new ArrayList<>();
    StringBuilder data = new StringBuilder();
    for (int i = 0; i < lines.length - 1; i++) {
      String line = lines[i];
      if (line.isEmpty()) {
        if (data.length() > 1) {
          events.add(data.substring(0, data.length() - 1));
        }
        data.setLength(0);
        continue;
      }
      int colon = line.indexOf(':');
      String field = colon < 0 ? line : line.substring(0, colon);
      String value = colon < 0 ? "" : line.substring(colon + 1);
      if (field.equals("data")) {
        data.append(value.startsWith(" ") ? value.substring(1) : value).append('\n');
      }
    }
    return events;
  }
}
