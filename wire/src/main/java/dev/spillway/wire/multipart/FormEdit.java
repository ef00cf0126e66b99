package dev.spillway.wire.multipart;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.wire.engine.EngineFields;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.Splice;

/** Makes a client's form the provider's, as a splice: no byte of a file is touched. */
public final class FormEdit {
  private static final String MODEL = "model";
  private static final ByteSlice NOTHING = ByteSlice.of("");

  private FormEdit() {}

  /** Names the model as the provider does, in its part or in a new one, and takes out the rest. */
  public static Splice of(Form form, String upstreamModel) {
    Splice.Builder splice = new Splice.Builder(form.length());
    ByteSlice model = ByteSlice.of(upstreamModel.getBytes(UTF_8));
    boolean named = false;
    for (FormPart part : form.parts()) {
      if (part.field().equals(MODEL)) {
        named = true;
        splice.replace(part.value().from(), part.value().to(), model);
      } else if (EngineFields.has(part.field())) {
        splice.replace(part.whole().from(), part.whole().to(), NOTHING);
      }
    }
    if (!named) {
      splice.insert(0, newPart(form, upstreamModel));
    }
    return splice.build();
  }

  private static ByteSlice newPart(Form form, String model) {
    String part =
        form.boundary().line()
            + "\r\nContent-Disposition: form-data; name=\""
            + MODEL
            + "\"\r\n\r\n"
            + model
            + "\r\n";
    return ByteSlice.of(part.getBytes(UTF_8));
  }
}
