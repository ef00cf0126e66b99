package dev.spillway.gateway.server;

import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The heads of one connection's requests, in their order. */
final class RequestHeads {
  private final Ids ids;
  private @Nullable RequestHead last;

  RequestHeads(Ids ids) {
    this.ids = ids;
  }

  /** What a decoder's next object says if it is a head; else null. */
  @Nullable RequestHead next(HttpObject object) {
    if (object instanceof HttpRequest request) {
      last = null; // nor does it stay if this one cannot be read
      last = RequestHead.of(request, ids.nextRequestId());
    } else if (object instanceof HeadLikeBefore like) {
      RequestHead before = Objects.requireNonNull(last, "like no head before");
      last = before.again(ids.nextRequestId(), like.bodyBytes());
    } else {
      return null;
    }
    return last;
  }
}
