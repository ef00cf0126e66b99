package dev.spillway.app.netns;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.app.Main;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A hub, its own engine, a partner's agent and that one's engine: four processes in four network
 * namespaces, started as people start them. The agent joined with a token of the hub's command.
 *
 * <pre>
 *   tests ── hub ── home          home, far: an engine each
 *    │        └──── site ── far   the wire from hub to site is the one that faults are done to
 *    └───────────────┘            (tests see the agent's page)
 * </pre>
 *
 * <p>{@code m-home} is served at home alone, {@code m-far} at the partner's alone, {@code m-both}
 * by both and there first.
 */
final class LinkedProcesses implements AutoCloseable {
  static final int LINKS = 8_443;
  static final String HUB = "10.77.1.1";
  static final String SITE = "10.77.1.2";
  static final String HOME = "10.77.2.2";
  static final String FAR = "10.77.3.2";
  private static final int DATA = 8_080;
  private static final int ADMIN = 9_090;
  static final int STATUS = 9_191;
  private static final String HEAP = "2g";

  final Namespaces spaces;
  final Path folder;
  final Asking client;
  final Path hubFolder;
  final Path siteFolder;
  final String siteHere;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private final String hubHere;

  private Program hub;
  private Program agent;
  private String usedToken = "";

  /** Starts all of it; over a plain wire, or over one that delays and loses packets. */
  static LinkedProcesses start(Path folder, Wan wan) throws IOException {
    return start(folder, wan, 0);
  }

  /** The same, with so many more sites in the hub's configuration. */
  static LinkedProcesses start(Path folder, Wan wan, int many) throws IOException {
    Namespaces spaces = new Namespaces();
    try {
      return new LinkedProcesses(spaces, folder, wan, many);
    } catch (IOException | RuntimeException | AssertionError e) {
      spaces.close();
      throw e;
    }
  }

  /** Lays the way from hub to site. */
  @FunctionalInterface
  interface Wan {
    /** A wire of this machine. */
    Wan PLAIN = on -> on.spaces.wire("hub", HUB, "site", SITE);

    void lay(LinkedProcesses on);
  }

  @SuppressWarnings("NullAway") // started in order, all of it here
  private LinkedProcesses(Namespaces spaces, Path folder, Wan wan, int many) throws IOException {
    this.spaces = spaces;
    this.folder = folder;
    this.hubFolder = Files.createDirectories(folder.resolve("hub"));
    this.siteFolder = Files.createDirectories(folder.resolve("site"));
    long block = ProcessHandle.current().pid() % 8_192 * 8;
    hubHere = here(block);
    siteHere = here(block + 4);
    this.client = new Asking(hubHere + ":" + DATA);
    opened.add(spaces);
    opened.add(client);
    boolean up = false;
    try {
      lay(wan);
      Files.writeString(hubFolder.resolve("spillway.yaml"), Configs.hub(hubHere, many));
      Files.writeString(siteFolder.resolve("site.yaml"), Configs.site(siteHere));
      startAll();
      up = true;
    } finally {
      if (!up) {
        close();
      }
    }
  }

  private void lay(Wan wan) {
    List.of("hub", "site", "home", "far").forEach(spaces::add);
    wan.lay(this);
    spaces.wire("hub", "10.77.2.1", "home", HOME);
    spaces.wire("site", "10.77.3.1", "far", FAR);
    long pid = ProcessHandle.current().pid();
    spaces.wireHere("sph" + pid, before(hubHere), "hub", hubHere);
    spaces.wireHere("sps" + pid, before(siteHere), "site", siteHere);
  }

  private void startAll() {
    Program home = keep(engine("home", HOME));
    Program far = keep(engine("far", FAR));
    hub = program("hub", hubFolder, Main.class, "serve", "--config", "spillway.yaml");
    home.awaitLine("ready");
    far.awaitLine("ready");
    hub.awaitLine("link to port");
    usedToken = token();
    Program join = join("site.yaml", usedToken);
    if (join.awaitEnd() != 0) {
      throw new AssertionError(join.text());
    }
    startAgent();
    until("the site serves", Duration.ofSeconds(30), () -> client.whole("m-far", "hi").whole());
  }

  private Program engine(String where, String address) {
    return Program.start(spaces, where, folder, HEAP, EngineProgram.class, address);
  }

  /** A program of ours in a namespace; killed in the end. */
  Program program(String where, Path in, Class<?> main, String... arguments) {
    return keep(Program.start(spaces, where, in, HEAP, main, arguments));
  }

  /** What {@code spillway site token} says at the hub. */
  String token() {
    Program token =
        program(
            "hub",
            hubFolder,
            Main.class,
            "site",
            "token",
            "--config",
            "spillway.yaml",
            "--site",
            "oci-chicago");
    if (token.awaitEnd() != 0) {
      throw new AssertionError(token.text());
    }
    return token.text().strip();
  }

  /** {@code spillway site join} at the site, ended or not. */
  Program join(String file, String token) {
    return program(
        "site", siteFolder, Main.class, "site", "join", "--config", file, "--token", token);
  }

  void startAgent() {
    agent = program("site", siteFolder, Main.class, "site", "--config", "site.yaml");
    agent.awaitLine("its page is");
  }

  void startHub() {
    hub = program("hub", hubFolder, Main.class, "serve", "--config", "spillway.yaml");
    hub.awaitLine("link to port");
  }

  /** Where clients connect. */
  InetSocketAddress hubAddress() {
    return new InetSocketAddress(hubHere, DATA);
  }

  Program hub() {
    return hub;
  }

  Program agent() {
    return agent;
  }

  /** With which the agent joined. */
  String usedToken() {
    return usedToken;
  }

  <T extends AutoCloseable> T keep(T closed) {
    opened.add(closed);
    return closed;
  }

  /** No packet comes through between hub and site. */
  void cut() {
    spaces.drop("hub", "iifname \"site\"");
    spaces.drop("site", "iifname \"hub\"");
  }

  /** They do again. */
  void mend() {
    spaces.mend("hub");
    spaces.mend("site");
  }

  /** The hub's numbers. */
  String metrics() {
    return page("http://" + hubHere + ":" + ADMIN + "/metrics");
  }

  /** The agent's page. */
  String status() {
    return page("http://" + siteHere + ":" + STATUS + "/");
  }

  /** The largest value of a metric, by the beginning of its lines; below 0 if there is none. */
  double most(String metric) {
    return metrics()
        .lines()
        .filter(line -> line.startsWith(metric))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .max()
        .orElse(-1);
  }

  /** All that hub and agent know one another by, file by file. */
  Map<String, String> identities() throws IOException {
    Map<String, String> all = new TreeMap<>();
    for (String root : List.of("hub/links", "site/site-state")) {
      try (Stream<Path> files = Files.walk(folder.resolve(root))) {
        for (Path each : files.filter(Files::isRegularFile).toList()) {
          if (!each.endsWith("bundle")) {
            all.put(folder.relativize(each).toString(), Files.readString(each, UTF_8));
          }
        }
      }
    }
    return all;
  }

  /** Waits for it; how long it took. */
  static Duration until(String what, Duration within, BooleanSupplier holds) {
    long begin = System.nanoTime();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() - begin > within.toNanos()) {
        throw new AssertionError("not within " + within + ": " + what);
      }
      LockSupport.parkNanos(20_000_000);
    }
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  @Override
  public void close() {
    for (AutoCloseable each : opened.reversed()) {
      try {
        each.close();
      } catch (Exception e) {
        throw new IllegalStateException("not closed: " + each, e);
      }
    }
    http.shutdownNow();
  }

  /** A page, or nothing if nobody answers. */
  String page(String url) {
    try {
      return http.send(
              HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(10)).build(),
              BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** An address of 198.18.0.0/15, which is kept for tests: the second of a /30. */
  private static String here(long block) {
    return "198." + (18 + block / 65_536) + "." + block / 256 % 256 + "." + (block % 256 + 2);
  }

  private static String before(String address) {
    int dot = address.lastIndexOf('.') + 1;
    return address.substring(0, dot) + (Integer.parseInt(address.substring(dot)) - 1);
  }
}
