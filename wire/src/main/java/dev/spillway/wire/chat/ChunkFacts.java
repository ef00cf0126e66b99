package dev.spillway.wire.chat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.spillway.core.model.Usage;
import dev.spillway.wire.error.FlatError;
import dev.spillway.wire.json.ByteSlice;
import dev.spillway.wire.json.JsonCursor;
import dev.spillway.wire.json.JsonKind;
import dev.spillway.wire.json.MalformedJson;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The facts of one chunk of a streamed answer; a reusable reader, so that an ordinary chunk
 * allocates nothing.
 *
 * <p>Looks only where the API puts a thing: {@code content_filter_results.error}, or the word
 * "error" in a text, is no error. A chunk that differs from one before in little more than its text
 * is not read anew, but compared ({@link ChunkPatterns}). Valid until the next {@link #read}. Not
 * thread-safe.
 */
public final class ChunkFacts {
  private static final byte[] CHOICES = ascii("choices");
  private static final byte[] USAGE = ascii("usage");
  private static final byte[] ERROR = ascii("error");
  private static final byte[] ID = ascii("id");
  private static final byte[] CREATED = ascii("created");
  private static final byte[] OBFUSCATION = ascii("obfuscation");
  private static final byte[] FINGERPRINT = ascii("system_fingerprint");
  private static final byte[] DELTA = ascii("delta");
  private static final byte[] TEXT = ascii("text");
  private static final byte[] FINISH_REASON = ascii("finish_reason");
  private static final byte[] INDEX = ascii("index");

  /** No more may be asked for: a chunk with more is none, and an index above is taken for this. */
  static final int MOST_CHOICES = 1 << 14;

  private final JsonCursor cursor = new JsonCursor();
  private final AnswerPart part = new AnswerPart(cursor);
  private final TokenCounts tokens = new TokenCounts(cursor);
  private final ChunkPatterns patterns = new ChunkPatterns(cursor);
  private final Form form;
  private ChunkPattern pattern = patterns.blank();
  private Shape shape = Shape.OTHER;
  private int offset;
  private int choices;
  private int deltas;
  private int finishedChoices;
  private final BitSet finishedIndexes = new BitSet();
  private int lastIndex;

  /** Of several; empty if there is one. */
  private final BitSet indexes = new BitSet();

  private boolean usage;
  private boolean id;
  private boolean nullError;

  /** Reads chunks of chat. */
  public ChunkFacts() {
    this(Form.CHAT);
  }

  /** Reads chunks of this form. */
  public ChunkFacts(Form form) {
    this.form = form;
  }

  /** Where a chunk has its text. */
  public enum Form {
    /** In {@code choices[].delta.content}. */
    CHAT,
    /** In {@code choices[].text}, as before chat. */
    COMPLETIONS
  }

  /** What a chunk can be. */
  public enum Shape {
    /** JSON with {@code choices}, maybe empty. */
    CHUNK,
    /** JSON with an {@code error} that is not null, or that is an error itself. */
    ERROR,
    /** JSON without {@code choices} that is no error. */
    OTHER,
    /** Not one JSON object. */
    MALFORMED
  }

  /** Reads one chunk, which replaces the one before. */
  public Shape read(byte[] bytes, int from, int length) {
    clear();
    offset = from;
    ChunkPattern like = patterns.find(bytes, from, length);
    if (like != null) {
      take(like);
      return shape;
    }
    pattern = patterns.blank();
    try {
      cursor.reset(bytes, from, length);
      cursor.beginObject();
      while (cursor.nextMember()) {
        member();
      }
      cursor.end();
    } catch (MalformedJson _) {
      clear();
      shape = Shape.MALFORMED;
    }
    if (isOrdinary()) {
      var common = new ChunkPattern.Common(deltas, lastIndex, id, part.hasRole(), nullError);
      patterns.learn(bytes, from, length, common);
    }
    if (shape == Shape.OTHER && FlatError.is(new ByteSlice(bytes, from, length))) {
      shape = Shape.ERROR;
    }
    return shape;
  }

  /** Whether it has a choice at all. */
  public boolean hasChoices() {
    return choices > 0;
  }

  /** Whether some of the answer came: text, a refusal's text, part of a tool call, sound. */
  public boolean hasContent() {
    return part.hasContent();
  }

  /** Whether reasoning came: a sign of life, not yet the answer. */
  public boolean hasReasoning() {
    return part.hasReasoning();
  }

  /** How many choices have a {@code finish_reason}, and so are whole. */
  public int finishedChoices() {
    return finishedChoices;
  }

  /**
   * Adds the indexes of those to a set: a provider may tell of one choice twice. One without an
   * index has that of its place.
   */
  public void addFinishedTo(BitSet indexes) {
    indexes.or(finishedIndexes);
  }

  /** The index of its choice, of several that of the last; 0 if it has none. */
  public int lastIndex() {
    return lastIndex;
  }

  /** Adds the indexes of all its choices to a set. */
  public void addIndexesTo(BitSet all) {
    if (choices == 1) {
      all.set(lastIndex);
    } else {
      all.or(indexes);
    }
  }

  /** Whether the model made something of it: a chunk without is one that a proxy may send. */
  public boolean isOfTheModel() {
    return hasContent() || hasReasoning() || nonText() != null || finishedChoices > 0 || usage;
  }

  /** What came of the answer that is neither text nor reasoning; null if nothing did. */
  public @Nullable NonText nonText() {
    return part.nonText();
  }

  /** How many choices came with text that is not empty. */
  public int texts() {
    return part.texts();
  }

  /**
   * Where the text of the answer begins in the array that was read: still escaped, after its quote;
   * of several texts the last.
   */
  public int textFrom() {
    return offset + part.textFrom();
  }

  /** Where that text ends, before its quote; the same as {@link #textFrom} if there is none. */
  public int textTo() {
    return offset + part.textTo();
  }

  /** UTF-8 bytes of content and reasoning in it, unescaped; a measure of its tokens. */
  public int contentBytes() {
    return part.bytes();
  }

  /** Whether the provider's count of tokens came. */
  public boolean hasUsage() {
    return usage;
  }

  /** The provider's count; all 0 without {@link #hasUsage}. */
  public Usage usage() {
    return tokens.toUsage();
  }

  /** Whether a role came with a choice. */
  public boolean hasRole() {
    return part.hasRole();
  }

  /** Whether it has an {@code id} that is not empty. */
  public boolean hasId() {
    return id;
  }

  /** Whether a choice lacks its {@code delta}: Azure's annotations of an asynchronous filter. */
  public boolean lacksDelta() {
    return deltas < choices;
  }

  /** Whether there is an {@code error} of null, which some clients take for an error. */
  public boolean hasNullError() {
    return nullError;
  }

  private void member() throws MalformedJson {
    if (cursor.nameIs(CHOICES) && cursor.kind() == JsonKind.ARRAY) {
      choices();
    } else if (cursor.nameIs(USAGE) && cursor.kind() == JsonKind.OBJECT) {
      tokens.clear();
      tokens.read();
      usage = true;
    } else if (cursor.nameIs(ID) && cursor.kind() == JsonKind.STRING) {
      pattern.readSlot();
      id = cursor.textBytes() > 0;
    } else if (isVarious()) {
      pattern.readSlot();
    } else if (cursor.nameIs(ERROR)) {
      error();
    } else {
      cursor.skip();
    }
  }

  ChunkPatterns patterns() {
    return patterns;
  }

  private boolean isVarious() throws MalformedJson {
    boolean text = cursor.nameIs(FINGERPRINT) || cursor.nameIs(OBFUSCATION);
    boolean number = !text && cursor.nameIs(CREATED);
    return (text || number) && cursor.kind() == (text ? JsonKind.STRING : JsonKind.NUMBER);
  }

  private void error() throws MalformedJson {
    if (cursor.skipNull()) {
      nullError = true;
    } else {
      cursor.skip();
      shape = Shape.ERROR;
    }
  }

  private void choices() throws MalformedJson {
    if (shape != Shape.ERROR) {
      shape = Shape.CHUNK;
    }
    cursor.beginArray();
    while (cursor.nextElement()) {
      choices++;
      if (choices > MOST_CHOICES) {
        throw new MalformedJson("more choices than can be asked for", cursor.position());
      }
      if (cursor.kind() == JsonKind.OBJECT) {
        choice();
      } else {
        cursor.skip();
      }
    }
  }

  private void choice() throws MalformedJson {
    boolean delta = false;
    boolean finished = false;
    long index = choices - 1L;
    cursor.beginObject();
    while (cursor.nextMember()) {
      if (cursor.nameIs(DELTA) && cursor.kind() == JsonKind.OBJECT) {
        part.read();
        delta = true;
        pattern.text(part);
      } else if (isText()) {
        part.readText();
        pattern.text(part);
      } else if (cursor.nameIs(FINISH_REASON)) {
        finished = isReason();
      } else if (cursor.nameIs(INDEX) && cursor.kind() == JsonKind.NUMBER) {
        index = cursor.integerOr(index);
      } else {
        cursor.skip();
      }
    }
    deltas += delta ? 1 : 0;
    int at = Math.clamp(index, 0, MOST_CHOICES);
    if (choices > 1) {
      indexes.set(lastIndex);
      indexes.set(at);
    }
    lastIndex = at;
    if (finished) {
      finishedChoices++;
      finishedIndexes.set(at);
    }
  }

  /** Some servers send an empty text with every chunk but the last, where others send null. */
  private boolean isReason() throws MalformedJson {
    boolean isText = cursor.kind() == JsonKind.STRING;
    cursor.skip();
    return isText && cursor.textBytes() > 0;
  }

  private boolean isText() throws MalformedJson {
    return form == Form.COMPLETIONS && cursor.nameIs(TEXT) && cursor.kind() == JsonKind.STRING;
  }

  /** Whether it is what nearly all chunks are: some text of one answer in its midst. */
  private boolean isOrdinary() {
    boolean one = shape == Shape.CHUNK && choices == 1;
    return one && finishedChoices == 0 && !usage && part.isText();
  }

  /** It says what was found of the chunk before, but for its text. */
  private void take(ChunkPattern like) {
    ChunkPattern.Common common = like.common();
    shape = Shape.CHUNK;
    choices = 1;
    deltas = common.deltas();
    lastIndex = common.index();
    id = common.id();
    nullError = common.nullError();
    part.takeText(like.textFrom(), like.textTo(), like.textBytes(), common.role());
  }

  private void clear() {
    part.clear();
    tokens.clear();
    shape = Shape.OTHER;
    if (choices > 1) {
      indexes.clear();
    }
    choices = 0;
    lastIndex = 0;
    deltas = 0;
    if (finishedChoices > 0) {
      finishedIndexes.clear();
    }
    finishedChoices = 0;
    usage = false;
    id = false;
    nullError = false;
  }

  private static byte[] ascii(String name) {
    return name.getBytes(ISO_8859_1);
  }
}
