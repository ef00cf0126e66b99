package dev.spillway.app.yaml;

import static java.util.stream.Collectors.joining;

import dev.spillway.app.yaml.Shape.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Describes to people, in Markdown, what a file may say: a row for each key. */
public final class KeyReference {
  private static final String TABLE =
      "\n| key | what it says | written as | if absent |\n|---|---|---|---|\n";

  private final Scalars scalars;
  private final StringBuilder text = new StringBuilder();

  private KeyReference(Scalars scalars) {
    this.scalars = scalars;
  }

  /** The keys of files that are bound to this record; a section for each of the topmost. */
  public static String of(Class<?> type, Scalars scalars) {
    KeyReference reference = new KeyReference(scalars);
    for (Field field : Shape.of(type).fields()) {
      reference.text.append("\n## `").append(field.key()).append("`\n").append(TABLE);
      reference.field("", field, "");
    }
    return reference.text.toString();
  }

  private void field(String before, Field field, String of) {
    Class<?> plain = plain(field.type());
    String path = before + field.key();
    if (plain != null && isScalar(plain)) {
      String many = field.type() instanceof ParameterizedType ? "; or a list of such" : "";
      row(path, field.about().value() + of, form(plain, field.about()) + many, absence(field));
    } else {
      row(path, field.about().value() + of, "", absence(field));
      inside(path, field.type());
    }
  }

  private void inside(String path, Type type) {
    if (!(type instanceof ParameterizedType collection)) {
      keys(path + ".", (Class<?>) type);
      return;
    }
    Type[] of = collection.getActualTypeArguments();
    if (of.length == 1) {
      keys(path + "[].", (Class<?>) of[0]);
    } else {
      named(path + ".*", of[1]);
    }
  }

  private void named(String path, Type value) {
    if (value instanceof Class<?> simple && isScalar(simple)) {
      row(path, "", form(simple, null), "");
    } else {
      inside(path, value);
    }
  }

  private void keys(String before, Class<?> type) {
    if (type.isSealed()) {
      row(
          before + "kind",
          "which of these it is",
          String.join(", ", Shape.kinds(type).keySet()),
          "required");
      Shape.kinds(type).forEach((kind, record) -> fields(before, record, " (kind " + kind + ")"));
    } else {
      fields(before, type, "");
    }
  }

  private void fields(String before, Class<?> type, String of) {
    Shape.of(type).fields().forEach(field -> field(before, field, of));
  }

  private void row(String path, String says, String form, String absence) {
    text.append(
        Stream.of("`" + path + "`", says, form, absence)
            .map(cell -> cell.replace("|", "\\|").replace("\n", " "))
            .collect(joining(" | ", "| ", " |\n")));
  }

  /** The class of a plain value, or of those that are listed. */
  private static @Nullable Class<?> plain(Type type) {
    if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
      return list.getActualTypeArguments()[0] instanceof Class<?> each ? each : null;
    }
    return type instanceof Class<?> simple ? simple : null;
  }

  private boolean isScalar(Class<?> type) {
    return scalars.find(type).isPresent();
  }

  private String form(Class<?> type, @Nullable Key about) {
    String form = scalars.find(type).orElseThrow().expected();
    return about == null ? form : form + bounds(about);
  }

  private static String bounds(Key about) {
    return bound(", at least ", about.atLeast())
        + bound(", more than ", about.moreThan())
        + bound(", at most ", about.atMost())
        + bound(", less than ", about.lessThan());
  }

  private static String bound(String what, String bound) {
    return bound.isEmpty() ? "" : what + bound;
  }

  private static String absence(Field field) {
    return switch (field.absence()) {
      case FORBIDDEN -> "required";
      case NOTHING -> "";
      case EMPTY -> "none";
      case DEFAULT ->
          field.about().otherwise().equals("{}") ? "" : "`" + field.about().otherwise() + "`";
    };
  }
}
