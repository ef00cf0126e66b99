package dev.spillway.app.yaml;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * A file of YAML, read with suspicion: one document of plain maps, lists and values.
 *
 * <p>Anchors, aliases and tags are refused, so that nothing in it can grow or run; depth and size
 * are bounded before anything is built of it.
 */
public final class YamlFile {
  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_DEPTH = 16;
  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setCodePointLimit(MAX_BYTES).setUseMarks(true).build();

  private final String name;
  private final Node root;

  private YamlFile(String name, Node root) {
    this.name = name;
    this.root = root;
  }

  /**
   * Reads a file.
   *
   * @param name how errors call it
   * @throws InvalidFileException if it is not one document of plain YAML in UTF-8, at most 1 MiB
   */
  public static YamlFile of(String name, byte[] bytes) throws InvalidFileException {
    if (bytes.length > MAX_BYTES) {
      throw refused(name, 1, bytes.length + " bytes (expected: at most " + MAX_BYTES + ")");
    }
    String text = decode(name, bytes);
    try {
      checkEvents(name, text);
      Optional<Node> root = new Compose(SETTINGS).composeString(text);
      return new YamlFile(
          name, root.orElseThrow(() -> refused(name, 1, "empty (expected: keys and values)")));
    } catch (MarkedYamlEngineException e) {
      // Its message would quote the line, which may hold a secret.
      throw refused(name, line(e.getProblemMark()), "not YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      throw refused(name, 1, "not YAML: a character that YAML does not allow");
    }
  }

  /** How errors call it. */
  String name() {
    return name;
  }

  Node root() {
    return root;
  }

  static int lineOf(Node node) {
    return line(node.getStartMark());
  }

  private static int line(Optional<Mark> mark) {
    return mark.map(each -> each.getLine() + 1).orElse(1);
  }

  private static String decode(String name, byte[] bytes) throws InvalidFileException {
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    try {
      return UTF_8.newDecoder().decode(rest).toString();
    } catch (CharacterCodingException e) {
      int line = 1;
      for (int i = 0; i < rest.position(); i++) {
        line += bytes[i] == '\n' ? 1 : 0;
      }
      throw refused(name, line, "not a text (expected: YAML in UTF-8)");
    }
  }

  /** The parser of events keeps no more than its place, whatever the file says. */
  private static void checkEvents(String name, String text) throws InvalidFileException {
    int depth = 0;
    int documents = 0;
    for (Event event : new Parse(SETTINGS).parseString(text)) {
      String found = null;
      switch (event.getEventId()) {
        case Alias -> found = "an alias (expected: the value itself)";
        case DocumentStart -> {
          documents++;
          boolean directed = !((DocumentStartEvent) event).getTags().isEmpty();
          found =
              documents > 1 || directed ? "a second document or a directive (expected: one)" : null;
        }
        case MappingStart, SequenceStart -> {
          depth++;
          found =
              depth > MAX_DEPTH
                  ? "nested too deeply (expected: at most " + MAX_DEPTH + " levels)"
                  : unplain(event);
        }
        case MappingEnd, SequenceEnd -> depth--;
        case Scalar -> found = unplain(event);
        case Comment, DocumentEnd, StreamStart, StreamEnd -> {}
      }
      if (found != null) {
        throw refused(name, line(event.getStartMark()), found);
      }
    }
  }

  private static @Nullable String unplain(Event event) {
    Optional<String> tag =
        event instanceof ScalarEvent scalar
            ? scalar.getTag()
            : ((CollectionStartEvent) event).getTag();
    if (tag.isPresent()) {
      return "a tag (expected: a plain value)";
    }
    return ((NodeEvent) event).getAnchor().isPresent()
        ? "an anchor (expected: a plain value)"
        : null;
  }

  private static InvalidFileException refused(String name, int line, String message) {
    return new InvalidFileException(name, List.of(new Problem(line, "", message)));
  }
}
