package dev.spillway.gateway.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;

/**
 * What is sent.
 *
 * @param method what the path is to do
 * @param pathAndQuery as it goes on the wire
 * @param headers without those of the connection, which are added
 * @param body whoever is given this takes over its reference
 * @param note for the agent of a site; {@link SiteNote#NONE} if it goes to none
 */
public record AttemptRequest(
    HttpMethod method, String pathAndQuery, HttpHeaders headers, ByteBuf body, SiteNote note) {}
