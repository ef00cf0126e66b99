package dev.spillway.providers.models;

import dev.spillway.core.provider.EngineModels;
import dev.spillway.core.provider.ModelsApi;
import dev.spillway.core.provider.ProviderException;
import dev.spillway.providers.page.Page;
import dev.spillway.providers.page.PageRequest;
import dev.spillway.providers.page.PageTooLong;
import dev.spillway.wire.json.MalformedJson;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Asks one engine what it serves: its list of models, and the page of its own if it has one, whose
 * word on the context counts before that of the list.
 *
 * <p>Blocks for at most the timeout.
 */
public final class EngineModelPages implements ModelsApi {
  private static final int OK = 200;
  private static final int SERVER_ERROR = 500;
  private static final int MOST_BYTES = 64 << 10;
  private static final Set<Integer> LATER = Set.of(408, 425, 429);

  private final ModelPages pages;
  private final @Nullable OwnPage own;

  /**
   * Of the engine with these pages.
   *
   * @param own null if it has none
   */
  public EngineModelPages(ModelPages pages, @Nullable OwnPage own) {
    this.pages = pages;
    this.own = own;
  }

  @Override
  public EngineModels read() throws ProviderException, InterruptedException {
    long deadline = System.nanoTime() + pages.timeout().toNanos();
    EngineModels listed = read(pages.list(), ListedModels::read, deadline);
    if (own == null) {
      return listed;
    }
    EngineModels said = read(pages.root().resolve(own.path()), own::read, deadline);
    List<String> names = new ArrayList<>(listed.names());
    names.addAll(said.names());
    int context = said.contextTokens() > 0 ? said.contextTokens() : listed.contextTokens();
    return new EngineModels(names, context);
  }

  /** How a page is read. */
  private interface Reader {
    EngineModels read(byte[] page) throws MalformedJson;
  }

  private EngineModels read(URI page, Reader reader, long deadline)
      throws ProviderException, InterruptedException {
    byte[] body = get(page, deadline);
    if (body == null) {
      return EngineModels.UNKNOWN;
    }
    try {
      return reader.read(body);
    } catch (MalformedJson _) {
      return EngineModels.UNKNOWN; // HTML of whatever stands before it, or half of an answer
    }
  }

  /** Null if it answered, and has no such page or one that is too long. */
  private byte @Nullable [] get(URI page, long deadline)
      throws ProviderException, InterruptedException {
    try (PageRequest asked = PageRequest.of(page, pages.timeout(), MOST_BYTES)) {
      Page answer = asked.answer(deadline);
      if (answer.status() >= SERVER_ERROR || LATER.contains(answer.status())) {
        throw new ProviderException("GET " + page + " answered " + answer.status());
      }
      return answer.status() == OK ? answer.body() : null;
    } catch (ProviderException e) {
      if (e.getCause() instanceof PageTooLong) {
        return null;
      }
      throw e;
    }
  }
}
