package dev.spillway.app.demo;

import dev.spillway.simulator.trace.TraceCut;
import dev.spillway.simulator.trace.TraceReader;
import dev.spillway.simulator.trace.TraceRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** Ten recorded minutes of the Azure conversation trace, played at the speed of each scene. */
final class DemoLoad {
  private static final String SLICE = "/demo/azure-conversation-10min.csv.gz";

  private DemoLoad() {}

  /** One request after the other as recorded, until the scenes are over. */
  static List<TraceRequest> of(List<Scene> scenes) throws IOException {
    List<TraceRequest> recorded = recorded();
    List<TraceRequest> load = new ArrayList<>();
    long recordedFrom = 0;
    long playedFrom = 0;
    int next = 0;
    for (Scene scene : scenes) {
      long length = scene.length().toNanos();
      long recordedLength = (long) (length * scene.speed());
      for (; next < recorded.size(); next++) {
        TraceRequest each = recorded.get(next);
        long since = each.arrivalNanos() - recordedFrom;
        if (since >= recordedLength) {
          break;
        }
        load.add(at(each, playedFrom + (long) (since / scene.speed())));
      }
      recordedFrom += recordedLength;
      playedFrom += length;
    }
    return load;
  }

  /** The first so many, a second apart, with short answers: for engines that are not simulated. */
  static List<TraceRequest> gentle(int requests, int outputTokens) throws IOException {
    List<TraceRequest> load = new ArrayList<>();
    for (TraceRequest each : recorded().subList(0, requests)) {
      int input = Math.min(each.inputTokens(), 300);
      load.add(
          new TraceRequest(load.size() * 1_000_000_000L, input, outputTokens, each.blockIds()));
    }
    return load;
  }

  private static List<TraceRequest> recorded() throws IOException {
    Path copy = Files.createTempFile("spillway-demo", ".csv.gz");
    try (InputStream slice = DemoLoad.class.getResourceAsStream(SLICE)) {
      if (slice == null) {
        throw new IOException(SLICE + ": not in this build");
      }
      Files.copy(slice, copy, StandardCopyOption.REPLACE_EXISTING);
      return TraceReader.readAll(copy, TraceCut.WHOLE);
    } finally {
      Files.delete(copy);
    }
  }

  private static TraceRequest at(TraceRequest request, long nanos) {
    return new TraceRequest(
        nanos, request.inputTokens(), request.outputTokens(), request.blockIds());
  }
}
