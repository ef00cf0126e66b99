package dev.spillway.site.tunnel;

import dev.spillway.site.engine.EnginePool;
import dev.spillway.site.proxy.HttpProxy;
import dev.spillway.site.relay.Service;
import dev.spillway.wire.link.SignedBundle;
import dev.spillway.wire.link.SiteMessage.Heartbeat;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the links of one agent share.
 *
 * @param instance of this agent, made up at its start
 * @param bootstrap dials; without a handler
 * @param proxy an HTTP proxy that leads to the hubs; null if none is needed
 * @param tls with the certificate in force, asked for each dial
 * @param handshakes where what is hard in them is done, beside the event loops
 * @param service what is served
 * @param engines connections to engines, by event loop
 * @param heartbeat what there is to say now
 * @param bundles is told of each policy bundle; answers why it is not taken, or nothing
 */
public record LinkSetup(
    String instance,
    Bootstrap bootstrap,
    @Nullable HttpProxy proxy,
    Supplier<SslContext> tls,
    Executor handshakes,
    Service service,
    Function<EventLoop, EnginePool> engines,
    Supplier<Heartbeat> heartbeat,
    Function<SignedBundle, String> bundles) {
  EnginePool enginesOf(Channel channel) {
    return engines.apply(channel.eventLoop());
  }
}
