package dev.spillway.gateway.exchange;

import dev.spillway.gateway.Snapshot;
import dev.spillway.gateway.telemetry.RequestObserver;
import dev.spillway.gateway.timing.Alarms;
import dev.spillway.gateway.upstream.Upstreams;
import dev.spillway.wire.aggregate.AnswerMemory;
import dev.spillway.wire.resume.ContinuationMemory;
import io.netty.channel.EventLoop;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What the exchanges of one event loop share.
 *
 * @param loop the loop
 * @param newest the configuration in force
 * @param upstreams where attempts are made
 * @param line where requests wait for room
 * @param observer is told of each end
 * @param nanoClock the monotonic clock of every decision
 * @param deadlines of requests
 * @param silences of attempts
 * @param scratch of the loop: bytes are copied here to be scanned, and mean nothing afterwards
 * @param continuations memory for what is kept so that answers can be continued; of all loops
 * @param answers memory for answers that are held until all of them came; of all loops
 * @param longBodies reads answers that take long beside the loop
 * @param maxAnswerBytes the longest answer that does not stream, and the longest event of one that
 *     does
 */
public record ExchangeSetup(
    EventLoop loop,
    Supplier<Snapshot> newest,
    Upstreams upstreams,
    WaitingLine line,
    RequestObserver observer,
    LongSupplier nanoClock,
    Alarms deadlines,
    Alarms silences,
    Scratch scratch,
    ContinuationMemory continuations,
    AnswerMemory answers,
    LongBodies.OfLoop longBodies,
    int maxAnswerBytes) {}
