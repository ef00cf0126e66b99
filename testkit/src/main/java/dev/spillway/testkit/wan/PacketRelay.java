package dev.spillway.testkit.wan;

import java.io.IOException;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * Carries IP packets between two devices, each after the same time, and loses a share of them: what
 * netem does where there is one. TCP on either side sees a long and lossy way.
 *
 * <p>Two threads a direction: one takes packets as they come, one lets them go when they are due. A
 * way holds so many packets at most; what comes then is lost, too.
 */
public final class PacketRelay {
  private static final int PACKETS_ON_THE_WAY = 20_000;

  private final TunDevice from;
  private final TunDevice to;
  private final long delayNanos;
  private final double loss;
  private final SplittableRandom random;
  private final BlockingQueue<Packet> way = new LinkedBlockingQueue<>(PACKETS_ON_THE_WAY);

  private PacketRelay(TunDevice from, TunDevice to, long delayNanos, double loss, long seed) {
    this.from = from;
    this.to = to;
    this.delayNanos = delayNanos;
    this.loss = loss;
    this.random = new SplittableRandom(seed);
  }

  /**
   * Runs until it is killed. Arguments: names of two devices to make, the time one way in
   * milliseconds, the share that is lost (0.01 is one per cent), and a seed.
   */
  public static void main(String[] arguments) throws IOException {
    TunDevice one = TunDevice.make(arguments[0]);
    TunDevice other = TunDevice.make(arguments[1]);
    long delayNanos = Long.parseLong(arguments[2]) * 1_000_000;
    double loss = Double.parseDouble(arguments[3]);
    long seed = Long.parseLong(arguments[4]);
    new PacketRelay(one, other, delayNanos, loss, seed).start();
    new PacketRelay(other, one, delayNanos, loss, seed + 1).start();
    System.out.println("ready");
  }

  private void start() {
    Thread.ofPlatform().name("takes").start(this::take);
    Thread.ofPlatform().name("lets-go").start(this::letGo);
  }

  private void take() {
    try {
      while (true) {
        byte[] bytes = from.read();
        if (random.nextDouble() >= loss) {
          boolean _ = way.offer(new Packet(bytes, System.nanoTime() + delayNanos));
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("a device is gone", e);
    }
  }

  private void letGo() {
    try {
      while (true) {
        Packet packet = way.take();
        for (long left = packet.dueNanos - System.nanoTime();
            left > 0;
            left = packet.dueNanos - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        to.write(packet.bytes);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static final class Packet {
    private final byte[] bytes;
    private final long dueNanos;

    Packet(byte[] bytes, long dueNanos) {
      this.bytes = bytes;
      this.dueNanos = dueNanos;
    }
  }
}
