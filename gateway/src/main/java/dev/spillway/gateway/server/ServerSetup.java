package dev.spillway.gateway.server;

import dev.spillway.gateway.GatewayConfig;
import dev.spillway.gateway.Snapshot;
import dev.spillway.gateway.exchange.ExchangeSetup;
import dev.spillway.gateway.timing.Alarms;
import dev.spillway.gateway.timing.LoopClock;
import dev.spillway.gateway.timing.PassEnd;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What the client connections of one event loop share.
 *
 * @param config how the data plane listens
 * @param snapshot the configuration in force; read once per request
 * @param exchanges what exchanges on this loop share
 * @param ids makes ids of requests and decisions
 * @param bodies memory for bodies, shared by all loops
 * @param passEnd of this event loop
 * @param clock of this event loop
 * @param alarms of its connections
 * @param unforeseen logs what fails here, for all loops
 * @param draining whether the hub is going down
 */
public record ServerSetup(
    GatewayConfig config,
    Supplier<Snapshot> snapshot,
    ExchangeSetup exchanges,
    Ids ids,
    BodyMemory bodies,
    PassEnd passEnd,
    LoopClock clock,
    Alarms alarms,
    Unforeseen unforeseen,
    BooleanSupplier draining) {}
