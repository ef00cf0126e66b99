package dev.spillway.wire.sse;

import dev.spillway.wire.json.ByteSlice;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What is to be another in a chunk; null leaves a thing as it is. Values are JSON.
 *
 * @param id the {@code id}
 * @param created the {@code created}
 * @param model the {@code model}
 * @param role what becomes of the role
 * @param text what stands between the quotes of the text; only for a chunk that has one
 * @param usage makes another {@code usage} object of one that is there
 * @param besideUsage what stands beside that, as the member {@code spillway}
 */
public record ChunkChanges(
    @Nullable ByteSlice id,
    @Nullable ByteSlice created,
    @Nullable ByteSlice model,
    Role role,
    @Nullable ByteSlice text,
    @Nullable UnaryOperator<ByteSlice> usage,
    @Nullable ByteSlice besideUsage) {

  /** What becomes of the role in each delta. */
  public enum Role {
    /** The assistant's, there or not. */
    INSERT,
    /** None. */
    REMOVE,
    /** As it is. */
    LEAVE
  }

  static ChunkChanges of(@Nullable ByteSlice id, Role role) {
    return new ChunkChanges(id, null, null, role, null, null, null);
  }
}
