package dev.spillway.gateway.exchange;

import dev.spillway.gateway.telemetry.RequestObserver;
import dev.spillway.gateway.upstream.UpstreamPool;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * What the exchanges of one event loop share.
 *
 * @param loop the loop
 * @param pool its connections to deployments
 * @param line where requests wait for room
 * @param observer is told of each end
 * @param nanoClock the monotonic clock of every decision
 * @param scratch of the loop: bytes are copied here to be scanned, and mean nothing afterwards
 * @param maxAnswerBytes the longest answer that does not stream, and the longest event of one that
 *     does
 * @param stallWithin how long a stream that has begun may send nothing while it is being read, more
 *     than zero
 */
public record ExchangeSetup(
    EventLoop loop,
    UpstreamPool pool,
    WaitingLine line,
    RequestObserver observer,
    LongSupplier nanoClock,
    Scratch scratch,
    int maxAnswerBytes,
    Duration stallWithin) {}
