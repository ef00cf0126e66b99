package dev.spillway.gateway.server;

import dev.spillway.gateway.exchange.Room;
import dev.spillway.gateway.upstream.Prefetch;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelPromise;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * From a stream to the socket of its client, past the handlers and buffers of the channel.
 *
 * <p>Why: a chunk of one stream in a thousand finds nothing of its stream in the processor's
 * caches, and to fetch the objects that a channel's own way leads through, some fifteen, costs more
 * than all that is done with its bytes.
 *
 * <p>Only for HTTP/1.1 without TLS over Linux's epoll or io_uring, and only for a chunk that
 * nothing is under way before. What the socket does not take at once, and whatever fails, goes the
 * channel's way, which meets the same and does what is to be done then.
 *
 * <p>Event loop only. Belongs to {@link AnswerEncoder}, which tells it what goes the other way.
 */
final class StraightPath {
  private final Socket socket;
  private final ChannelFutureListener sent = this::sent;

  /** Framed; goes with the next flush. */
  private @Nullable ByteBuf ready;

  /** Writes that the channel has and the socket has not. */
  private int underWay;

  private StraightPath(Socket socket) {
    this.socket = socket;
  }

  /** The one to this client; null if there is none. */
  static @Nullable StraightPath of(Channel channel) {
    return channel instanceof UnixChannel unix
            && unix.fd() instanceof Socket socket
            && channel.pipeline().get(SslHandler.class) == null
        ? new StraightPath(socket)
        : null;
  }

  void addTo(Prefetch chunk) {
    chunk.add(this);
    chunk.add(socket);
  }

  /** Takes a chunk over, if it may go this way. */
  boolean take(ByteBuf bytes) {
    if (underWay > 0 || ready != null || !bytes.hasMemoryAddress() || !Room.isAround(bytes)) {
      return false;
    }
    AnswerEncoder.frame(bytes);
    ready = bytes;
    return true;
  }

  /** Sends what was taken; false if there is something for the channel to send. */
  boolean flush() {
    ByteBuf bytes = ready;
    if (bytes == null) {
      return underWay == 0;
    }
    if (!isSent(bytes)) {
      return false;
    }
    ready = null;
    bytes.release();
    return true;
  }

  /** What was taken and is not sent goes the channel's way; null if there is nothing. */
  @Nullable ByteBuf rest() {
    ByteBuf rest = ready;
    ready = null;
    return rest;
  }

  /** Something goes the channel's way; nothing overtakes it. */
  ChannelPromise watched(ChannelPromise promise) {
    underWay++;
    return promise.unvoid().addListener(sent);
  }

  /** Whether all that was written is with the socket. */
  boolean isClear() {
    return underWay == 0;
  }

  private void sent(ChannelFuture write) {
    underWay--;
  }

  private boolean isSent(ByteBuf bytes) {
    if (!socket.isOpen()) {
      return false;
    }
    try {
      bytes.skipBytes(
          socket.sendAddress(bytes.memoryAddress(), bytes.readerIndex(), bytes.writerIndex()));
      return !bytes.isReadable();
    } catch (IOException e) {
      return false;
    }
  }
}
