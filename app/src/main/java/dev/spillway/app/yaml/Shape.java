package dev.spillway.app.yaml;

import static java.util.Objects.requireNonNull;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A record as a file sees it: its keys, in their order.
 *
 * @param type the record's class
 * @param slots one for each component
 */
record Shape(Class<?> type, List<Slot> slots) {
  /** What one component takes in. */
  sealed interface Slot {}

  /** A key. */
  record Keyed(Field field) implements Slot {}

  /** The keys of another record, standing among ours. */
  record Inlined(Shape shape) implements Slot {}

  /**
   * One key.
   *
   * @param key its name
   * @param type what it holds
   * @param about what is said of it
   * @param absence what its absence means
   */
  record Field(String key, Type type, Key about, Absence absence) {}

  /** What it means that a key is not there. */
  enum Absence {
    /** A mistake. */
    FORBIDDEN,
    /** Null. */
    NOTHING,
    /** An empty list or map. */
    EMPTY,
    /** The default. */
    DEFAULT
  }

  static Shape of(Class<?> type) {
    return new Shape(type, Arrays.stream(type.getRecordComponents()).map(Shape::slot).toList());
  }

  /** The records of a sealed type, by kind, in the order in which it permits them. */
  static Map<String, Class<?>> kinds(Class<?> sealed) {
    Map<String, Class<?>> kinds = new LinkedHashMap<>();
    for (Class<?> each : sealed.getPermittedSubclasses()) {
      kinds.put(requireNonNull(each.getAnnotation(Kind.class), each.getName()).value(), each);
    }
    return kinds;
  }

  /** All keys, those of inlined records where they stand. */
  List<Field> fields() {
    List<Field> fields = new ArrayList<>();
    for (Slot slot : slots) {
      switch (slot) {
        case Keyed(var field) -> fields.add(field);
        case Inlined(var shape) -> fields.addAll(shape.fields());
      }
    }
    return fields;
  }

  /**
   * Calls the record's constructor.
   *
   * @throws IllegalArgumentException if the record refuses
   */
  Object make(List<@Nullable Object> arguments) {
    Class<?>[] parameters =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      Constructor<?> canonical = type.getDeclaredConstructor(parameters);
      canonical.setAccessible(true);
      return canonical.newInstance(arguments.toArray());
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refused) {
        throw refused;
      }
      throw new IllegalStateException("constructor of " + type, e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("constructor of " + type, e);
    }
  }

  private static Slot slot(RecordComponent component) {
    if (component.isAnnotationPresent(Inline.class)) {
      return new Inlined(of(component.getType()));
    }
    Key about = requireNonNull(component.getAnnotation(Key.class), component::toString);
    String key = about.named().isEmpty() ? kebab(component.getName()) : about.named();
    return new Keyed(new Field(key, component.getGenericType(), about, absence(component, about)));
  }

  private static Absence absence(RecordComponent component, Key about) {
    if (!about.otherwise().isEmpty()) {
      return Absence.DEFAULT;
    }
    if (component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
      return Absence.NOTHING;
    }
    return component.getGenericType() instanceof ParameterizedType
        ? Absence.EMPTY
        : Absence.FORBIDDEN;
  }

  private static String kebab(String camel) {
    return camel.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
