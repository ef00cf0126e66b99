package dev.spillway.testkit.wan;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * A network device of Linux whose packets a program reads and writes; gone when the program is. It
 * may be moved to another namespace: the program keeps its end.
 *
 * <p>One thread may read while another writes.
 */
final class TunDevice {
  /** Longer than any packet of a device with an MTU of 1500. */
  static final int LONGEST_PACKET = 2_048;

  private static final String CLONE_DEVICE = "/dev/net/tun";
  private static final int READ_AND_WRITE = 2;
  private static final long TUNSETIFF = 0x4004_54CAL;
  private static final int IFREQ_BYTES = 40;
  private static final int NAME_BYTES = 16;
  private static final short IP_PACKETS_WITHOUT_PREFIX = 0x1001;

  private static final MethodHandle OPEN =
      call("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), 2);
  private static final MethodHandle IOCTL =
      call("ioctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS), 2);
  private static final MethodHandle READ =
      call("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG), 3);
  private static final MethodHandle WRITE =
      call("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG), 3);

  private final int file;
  private final MemorySegment incoming = Arena.global().allocate(LONGEST_PACKET);
  private final MemorySegment outgoing = Arena.global().allocate(LONGEST_PACKET);

  private TunDevice(int file) {
    this.file = file;
  }

  /**
   * Makes one in this process's namespace.
   *
   * @throws IOException if this machine has no such devices, or not for us
   */
  static TunDevice make(String name) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      int file = (int) OPEN.invokeExact(arena.allocateFrom(CLONE_DEVICE), READ_AND_WRITE);
      MemorySegment request = arena.allocate(IFREQ_BYTES);
      request.copyFrom(MemorySegment.ofArray(name.getBytes(US_ASCII)));
      request.set(JAVA_SHORT, NAME_BYTES, IP_PACKETS_WITHOUT_PREFIX);
      if (file < 0 || (int) IOCTL.invokeExact(file, TUNSETIFF, request) < 0) {
        throw new IOException(CLONE_DEVICE + " is not there, or not permitted");
      }
      return new TunDevice(file);
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** The next packet; waits for it. */
  byte[] read() throws IOException {
    try {
      long read = (long) READ.invokeExact(file, incoming, (long) LONGEST_PACKET);
      if (read < 0) {
        throw new IOException("the device is gone");
      }
      return incoming.asSlice(0, read).toArray(JAVA_BYTE);
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** Sends a packet; one that the other side does not take is lost, as packets are. */
  void write(byte[] packet) {
    try {
      MemorySegment.copy(packet, 0, outgoing, JAVA_BYTE, 0, packet.length);
      long _ = (long) WRITE.invokeExact(file, outgoing, (long) packet.length);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @SuppressWarnings("restricted") // of libc, by their man pages
  private static MethodHandle call(String name, FunctionDescriptor type, int fixedArguments) {
    Linker linker = Linker.nativeLinker();
    MemorySegment address = linker.defaultLookup().findOrThrow(name);
    boolean variadic = fixedArguments < type.argumentLayouts().size();
    return variadic
        ? linker.downcallHandle(address, type, Linker.Option.firstVariadicArg(fixedArguments))
        : linker.downcallHandle(address, type);
  }
}
