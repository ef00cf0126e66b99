package dev.spillway.gateway.server;

import dev.spillway.gateway.exchange.LongBodies;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The reading of a body that is here to its end: on the event loop if it is short, else beside it.
 *
 * <p>Event loop only. Owns the bytes until they are read, so that nobody can take them away
 * meanwhile.
 */
final class BodyReading {
  private final ChannelHandlerContext context;
  private final LongBodies.OfLoop longBodies;
  private boolean elsewhere;

  /** Of a request that comes through this context. */
  BodyReading(ChannelHandlerContext context, LongBodies.OfLoop longBodies) {
    this.context = context;
    this.longBodies = longBodies;
  }

  /** Whether it is being read beside the loop. */
  boolean isElsewhere() {
    return elsewhere;
  }

  /**
   * Reads, and gives the bytes on with what they say; false, and they are let go, if as many long
   * ones are read as can be.
   */
  boolean read(
      ByteBuf whole,
      Supplier<Admittance.Result> reading,
      BiConsumer<ByteBuf, Admittance.Result> then) {
    if (whole.readableBytes() <= LongBodies.LONG_BYTES) {
      then.accept(whole, result(reading));
      return true;
    }
    elsewhere =
        longBodies.read(
            () -> result(reading),
            (result, failure) -> backOnLoop(whole, orFailed(result, failure), then));
    if (!elsewhere) {
      whole.release();
    }
    return elsewhere;
  }

  /** Nobody else hears of what is thrown here. */
  private void backOnLoop(
      ByteBuf whole, Admittance.Result result, BiConsumer<ByteBuf, Admittance.Result> then) {
    elsewhere = false;
    try {
      then.accept(whole, result);
    } catch (RuntimeException e) {
      context.pipeline().fireExceptionCaught(e);
    }
  }

  private static Admittance.Result result(Supplier<Admittance.Result> reading) {
    try {
      return reading.get();
    } catch (RuntimeException e) {
      return new Admittance.Result.Failed(e);
    }
  }

  private static Admittance.Result orFailed(
      Admittance.@Nullable Result result, @Nullable Throwable failure) {
    return result == null
        ? new Admittance.Result.Failed(Objects.requireNonNull(failure, "neither"))
        : result;
  }
}
