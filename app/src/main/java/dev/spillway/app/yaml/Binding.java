package dev.spillway.app.yaml;

import static java.util.stream.Collectors.joining;

import dev.spillway.app.yaml.Shape.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * One run over a file: makes what it can, and notes every problem on the way.
 *
 * <p>What could not be made is {@link #FAILED}; whatever needs it is not made either, and nothing
 * is said twice.
 */
final class Binding {
  private static final Object FAILED = new Object();
  private static final String KIND = "kind";

  private final Values values;
  private final Scalars scalars;
  private final Places places = new Places();
  private final List<Problem> problems = new ArrayList<>();
  private boolean confidential;

  Binding(Scalars scalars) {
    this.scalars = scalars;
    this.values = new Values(scalars);
  }

  List<Problem> problems() {
    return problems;
  }

  Places places() {
    return places;
  }

  /** Makes a record, a list, a map or a plain value. */
  Object value(Node node, Type type, String path) {
    return value(node, type, null, path);
  }

  private Object value(Node node, Type type, @Nullable Key about, String path) {
    if (type instanceof ParameterizedType collection) {
      Type[] of = collection.getActualTypeArguments();
      return collection.getRawType() == List.class
          ? list(node, of[0], path)
          : map(node, of[0], of[1], path);
    }
    Class<?> simple = (Class<?>) type;
    if (scalars.find(simple).isPresent()) {
      return scalar(node, simple, about, path);
    }
    return simple.isSealed() ? sealed(node, simple, path) : record(node, simple, path, Set.of());
  }

  private Object scalar(Node node, Class<?> type, @Nullable Key about, String path) {
    if (node instanceof ScalarNode scalar) {
      Object value = values.parse(type, scalar.getValue());
      if (value != null && (about == null || values.isWithin(about, type, value))) {
        return value;
      }
    }
    return failed(node, path, found(node) + " (expected: " + values.expected(type, about) + ")");
  }

  /**
   * A list of one may be written as the one. What has a name, or is one, stands in it once; words
   * of a command may come again.
   */
  private Object list(Node node, Type of, String path) {
    if (isBlank(node)) {
      return failed(node, path, "nothing (expected: a list; [] is an empty one)");
    }
    List<Node> nodes = node instanceof SequenceNode many ? many.getValue() : List.of(node);
    List<Object> made = new ArrayList<>();
    boolean all = true;
    for (int i = 0; i < nodes.size(); i++) {
      String at = nodes.size() == 1 ? path : path + "[" + i + "]";
      Object value = value(nodes.get(i), of, at);
      if (value != FAILED && of != String.class && made.contains(value)) {
        value = failed(nodes.get(i), at, found(nodes.get(i)) + " twice (expected: each once)");
      }
      all &= value != FAILED;
      made.add(value);
    }
    return all ? Collections.unmodifiableList(made) : FAILED;
  }

  private Object map(Node node, Type keyType, Type valueType, String path) {
    if (!(node instanceof MappingNode mapping)) {
      return failed(node, path, found(node) + " (expected: names, each with its value)");
    }
    Map<Object, Object> made = new LinkedHashMap<>();
    boolean all = true;
    for (Map.Entry<String, NodeTuple> entry : entries(mapping, path).entrySet()) {
      String at = under(path, entry.getKey());
      Object key = scalar(entry.getValue().getKeyNode(), (Class<?>) keyType, null, at);
      Object value = value(entry.getValue().getValueNode(), valueType, at);
      all &= key != FAILED && value != FAILED;
      made.put(key, value);
    }
    return all ? Collections.unmodifiableMap(made) : FAILED;
  }

  private Object sealed(Node node, Class<?> type, String path) {
    Map<String, Class<?>> kinds = Shape.kinds(type);
    if (!(node instanceof MappingNode mapping)) {
      return failed(node, path, found(node) + " (expected: kind and its keys)");
    }
    Node kind = null;
    for (NodeTuple entry : mapping.getValue()) {
      kind = KIND.equals(text(entry.getKeyNode())) ? entry.getValueNode() : kind;
    }
    String at = under(path, KIND);
    if (kind == null) {
      return failed(node, at, "missing (expected: " + oneOf(kinds.keySet()) + ")");
    }
    places.put(at, YamlFile.lineOf(kind));
    String named = text(kind);
    Class<?> record = named == null ? null : kinds.get(named);
    return record == null
        ? failed(kind, at, found(kind) + " (expected: " + hint(named, kinds.keySet()) + ")")
        : record(node, record, path, Set.of(KIND));
  }

  private Object record(Node node, Class<?> type, String path, Set<String> also) {
    Confidential secret = type.getAnnotation(Confidential.class);
    boolean before = confidential;
    confidential |= secret != null;
    try {
      if (node instanceof MappingNode mapping) {
        Shape shape = Shape.of(type);
        Map<String, NodeTuple> entries = entries(mapping, path);
        checkKnown(shape, entries, also, path);
        return make(shape, node, entries, path);
      }
      String expected = secret == null ? "keys, each with its value" : secret.advice();
      return failed(node, path, found(node) + " (expected: " + expected + ")");
    } finally {
      confidential = before;
    }
  }

  private Object make(Shape shape, Node node, Map<String, NodeTuple> entries, String path) {
    List<@Nullable Object> arguments = new ArrayList<>();
    for (Shape.Slot slot : shape.slots()) {
      arguments.add(
          switch (slot) {
            case Shape.Keyed(var field) -> field(field, node, entries.get(field.key()), path);
            case Shape.Inlined(var inlined) -> make(inlined, node, entries, path);
          });
    }
    if (arguments.contains(FAILED)) {
      return FAILED;
    }
    try {
      return shape.make(arguments);
    } catch (IllegalArgumentException e) {
      refused(shape, node, path, String.valueOf(e.getMessage()));
      return FAILED;
    }
  }

  /** A record's own words begin with the key they are about, or are about all of it. */
  private void refused(Shape shape, Node node, String path, String message) {
    for (Field field : shape.fields()) {
      String start = field.key() + ": ";
      if (message.startsWith(start)) {
        String at = under(path, field.key());
        problems.add(places.problem(at, message.substring(start.length())));
        return;
      }
    }
    failed(node, path, message);
  }

  private @Nullable Object field(Field field, Node parent, @Nullable NodeTuple entry, String path) {
    String at = under(path, field.key());
    if (entry != null) {
      return value(entry.getValueNode(), field.type(), field.about(), at);
    }
    return switch (field.absence()) {
      case DEFAULT -> value(values.defaultOf(field), field.type(), at);
      case NOTHING -> null;
      case EMPTY ->
          ((ParameterizedType) field.type()).getRawType() == List.class ? List.of() : Map.of();
      case FORBIDDEN ->
          failed(
              parent,
              at,
              "missing (expected: %s; %s)"
                  .formatted(values.expected(field.type(), field.about()), field.about().value()));
    };
  }

  private void checkKnown(
      Shape shape, Map<String, NodeTuple> entries, Set<String> also, String path) {
    Set<String> known = new TreeSet<>(also);
    shape.fields().forEach(field -> known.add(field.key()));
    for (Map.Entry<String, NodeTuple> entry : entries.entrySet()) {
      if (!known.contains(entry.getKey())) {
        Node key = entry.getValue().getKeyNode();
        String name = confidential ? "***" : entry.getKey();
        failed(key, under(path, name), advice(shape.type(), entry.getKey(), known));
      }
    }
  }

  private static String advice(Class<?> type, String key, Set<String> known) {
    for (Retired retired : type.getAnnotationsByType(Retired.class)) {
      if (retired.key().equals(key)) {
        return "not a key of this version (expected: " + retired.advice() + ")";
      }
    }
    return "unknown key (expected: " + hint(key, known) + ")";
  }

  /** What stands in a map, by name; a second one of a name is a problem. */
  private Map<String, NodeTuple> entries(MappingNode mapping, String path) {
    Map<String, NodeTuple> entries = new LinkedHashMap<>();
    for (NodeTuple entry : mapping.getValue()) {
      String name = text(entry.getKeyNode());
      if (name == null) {
        failed(entry.getKeyNode(), path, "a key that is " + found(entry.getKeyNode()));
        continue;
      }
      NodeTuple first = entries.putIfAbsent(name, entry);
      places.put(under(path, name), YamlFile.lineOf(entry.getKeyNode()));
      if (first != null) {
        int line = YamlFile.lineOf(first.getKeyNode());
        failed(entry.getKeyNode(), under(path, name), "a second time, after line " + line);
      }
    }
    return entries;
  }

  private Object failed(Node at, String path, String message) {
    problems.add(new Problem(YamlFile.lineOf(at), path, message));
    return FAILED;
  }

  private String found(Node node) {
    return switch (node) {
      case MappingNode _ -> "keys and values";
      case SequenceNode _ -> "a list";
      case ScalarNode _ when confidential -> "***";
      case ScalarNode scalar -> Values.shown(scalar.getValue());
      default -> throw new IllegalStateException("a node of type " + node.getNodeType());
    };
  }

  private static String hint(@Nullable String name, Collection<String> known) {
    return name == null
        ? oneOf(known)
        : Spelling.nearest(name, known).map(near -> "'" + near + "'?").orElse(oneOf(known));
  }

  private static String oneOf(Collection<String> names) {
    return names.stream().collect(joining(", ", "one of ", ""));
  }

  private static String under(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private static @Nullable String text(Node node) {
    return node instanceof ScalarNode scalar ? scalar.getValue() : null;
  }

  private static boolean isBlank(Node node) {
    return node instanceof ScalarNode scalar && scalar.isPlain() && scalar.getValue().isEmpty();
  }
}
