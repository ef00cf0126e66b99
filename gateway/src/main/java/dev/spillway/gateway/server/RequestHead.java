package dev.spillway.gateway.server;

import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;

/**
 * The head of one request.
 *
 * @param fields what its bytes say
 * @param requestId the client's id of it if it is sane, else ours
 * @param bodyBytes the length of its body; -1 if the head does not say
 */
record RequestHead(HeadFields fields, String requestId, long bodyBytes) {
  /**
   * Reads a head.
   *
   * @param ownId the id if the client gives none
   */
  static RequestHead of(HttpRequest request, String ownId) {
    return of(HeadFields.of(request), ownId, HttpUtil.getContentLength(request, -1L));
  }

  /** Of a request that could not be read. */
  static RequestHead unreadable(String ownId) {
    return of(HeadFields.unreadable(), ownId, -1);
  }

  /** The head of another request that says the same. */
  RequestHead again(String ownId, long itsBodyBytes) {
    return of(fields, ownId, itsBodyBytes);
  }

  private static RequestHead of(HeadFields fields, String ownId, long bodyBytes) {
    return new RequestHead(fields, fields.id() == null ? ownId : fields.id(), bodyBytes);
  }
}
