package dev.spillway.gateway.server;

import dev.spillway.gateway.timing.LateFlush;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;

/**
 * What stands in a client's connection once its protocol is known.
 *
 * <p>Both end at the same {@link ClientRequest}. The limits of HTTP/2 are here; what each protects
 * from is in the RFC's own list (RFC 9113, 10.5) and in the attacks that were named since: rapid
 * reset (CVE-2023-44487), floods of CONTINUATION (VU#421644), resets that a peer provokes
 * (CVE-2025-8671).
 */
final class ClientPipeline {
  /** Resets by a client, and resets that it provokes, each in so many seconds. */
  static final int MOST_RESETS = 1_000;

  private static final int RESETS_WITHIN_SECONDS = 30;

  private static final int MOST_UNSENT_ACKS = 1_000;
  private static final int MOST_SMALL_CONTINUATIONS = 16;
  private static final int MOST_EMPTY_DATA = 16;

  /** What one upload may have on its way; given again as it is taken. */
  private static final int STREAM_WINDOW_BYTES = 256 << 10;

  private ClientPipeline() {}

  static void http1(Channel channel, ServerSetup setup) {
    StrictRequestDecoder decoder = new StrictRequestDecoder(setup.config().maxHeaderBytes());
    StraightPath straight = StraightPath.of(channel);
    HalfClosing.allow(channel);
    channel
        .pipeline()
        .addLast(
            new LateFlush(setup.passEnd()),
            decoder,
            new AnswerEncoder(straight),
            new Http1Connection(setup, decoder, straight));
  }

  static void http2(Channel channel, ServerSetup setup) {
    Http2FrameCodec codec = codec(setup.config().maxHeaderBytes());
    Http2Connection connection = new Http2Connection(setup, codec);
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.addLast(LingeringClose.of(codec.connection()));
    pipeline.addLast(codec);
    pipeline.addLast(new Http2MultiplexHandler(new Http2StreamInitializer(connection, setup)));
    pipeline.addLast(connection);
  }

  private static Http2FrameCodec codec(int maxHeaderBytes) {
    return Http2FrameCodecBuilder.forServer()
        .initialSettings(
            Http2Settings.defaultSettings()
                .maxConcurrentStreams(Http2Connection.MOST_STREAMS)
                .maxHeaderListSize(maxHeaderBytes)
                .initialWindowSize(STREAM_WINDOW_BYTES))
        .decoderEnforceMaxRstFramesPerWindow(MOST_RESETS, RESETS_WITHIN_SECONDS)
        .encoderEnforceMaxRstFramesPerWindow(MOST_RESETS, RESETS_WITHIN_SECONDS)
        .decoderEnforceMaxConsecutiveEmptyDataFrames(MOST_EMPTY_DATA)
        .decoderEnforceMaxSmallContinuationFrames(MOST_SMALL_CONTINUATIONS)
        .encoderEnforceMaxQueuedControlFrames(MOST_UNSENT_ACKS)
        // To wait for streams is Http2Connection's business.
        .gracefulShutdownTimeoutMillis(0)
        .build();
  }
}
