package dev.spillway.app.cli;

import static java.util.stream.Collectors.joining;

import dev.spillway.app.assembly.Assembly;
import dev.spillway.core.model.Deployment;
import dev.spillway.core.model.ModelName;
import java.util.List;

/** What was typed for {@code --model}. */
final class AskedModel {
  private AskedModel() {}

  /** The model that it names, or is an alias of; fails with those that could have been typed. */
  static ModelName of(Assembly assembly, String typed) throws CommandFailure {
    List<ModelName> served =
        assembly.topology().deployments().stream().map(Deployment::model).distinct().toList();
    try {
      ModelName model = assembly.model(new ModelName(typed));
      if (served.contains(model)) {
        return model;
      }
    } catch (IllegalArgumentException _) {
      // what cannot be a model's name is none of theirs
    }
    String names = served.stream().map(ModelName::value).collect(joining(", "));
    throw new CommandFailure("--model: '" + typed + "' (expected: one of " + names + ")");
  }
}
