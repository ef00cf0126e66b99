package dev.spillway.gateway.tunnel;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import java.util.concurrent.Semaphore;

/**
 * Bounds how many connections there are at once whose other end has shown no certificate of an
 * agent that is admitted: anybody who reaches the port can open them, and each costs a file
 * descriptor and TLS.
 *
 * <p>A connection has its place for as long as this is in its pipeline. All loops share it.
 */
@ChannelHandler.Sharable
final class Strangers extends ChannelHandlerAdapter {
  private final int most;
  private final Semaphore places;

  Strangers(int most) {
    this.most = most;
    this.places = new Semaphore(most);
  }

  int most() {
    return most;
  }

  /** Takes a place for a connection; false if there is none, and the connection is to be closed. */
  boolean takePlace(ChannelPipeline connection) {
    boolean free = places.tryAcquire();
    if (free) {
      connection.addLast(this);
    }
    return free;
  }

  /** It is no stranger's any more. */
  void leavePlace(ChannelPipeline connection) {
    connection.remove(this);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    places.release();
  }
}
