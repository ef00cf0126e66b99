package dev.spillway.app;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of {@code docs/architecture.md} that javac cannot check. */
class LayeringTest {
  private static final JavaClasses PRODUCTION =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.spillway");

  private static final String CORE = "dev.spillway.core..";

  /** What runs on event loops; the modules' root packages start and stop it, and may block. */
  private static final String[] EVENT_LOOP = {
    "dev.spillway.gateway.*..",
    "dev.spillway.link..",
    "dev.spillway.site.tunnel..",
    "dev.spillway.site.proxy..",
    "dev.spillway.site.relay..",
    "dev.spillway.site.engine..",
    "dev.spillway.site.guard.."
  };

  private static final Set<String> IMPURE =
      Set.of(
          "java.lang.System.nanoTime",
          "java.lang.System.currentTimeMillis",
          "java.lang.System.getLogger",
          "java.lang.System.getenv",
          "java.lang.System.getProperty",
          "java.lang.Thread.sleep",
          "java.lang.Thread.ofVirtual",
          "java.lang.Thread.ofPlatform",
          "java.lang.Math.random",
          "java.time.Instant.now",
          "java.time.LocalDate.now",
          "java.time.Clock.systemUTC",
          "java.util.UUID.randomUUID",
          "java.util.concurrent.ThreadLocalRandom.current");

  private static final Set<String> BLOCKING =
      Set.of(
          "java.lang.Thread.sleep",
          "java.lang.Thread.join",
          "java.lang.Object.wait",
          "java.util.concurrent.Future.get",
          "java.util.concurrent.CompletableFuture.get",
          "java.util.concurrent.CompletableFuture.join",
          "java.util.concurrent.CountDownLatch.await",
          "java.util.concurrent.Semaphore.acquire",
          "java.util.concurrent.BlockingQueue.put",
          "java.util.concurrent.BlockingQueue.take");

  private static final Set<String> NETTY_BLOCKING =
      Set.of("sync", "syncUninterruptibly", "await", "awaitUninterruptibly", "get");

  /** The rules below would hold of nothing at all. */
  @Test
  void everyModuleIsLookedAt() {
    assertThat(
            Stream.of(
                    "core",
                    "wire",
                    "link",
                    "providers",
                    "gateway",
                    "site",
                    "control",
                    "simulator",
                    "app")
                .filter(module ->
                    PRODUCTION.stream()
                        .noneMatch(
                            each -> each.getPackageName().startsWith("dev.spillway." + module))))
        .isEmpty();
  }

  @Test
  void coreNeedsNothingButTheJdk() {
    noClasses()
        .that()
        .resideInAPackage(CORE)
        .should()
        .dependOnClassesThat()
        .resideOutsideOfPackages(CORE, "java..", "javax.crypto..", "org.jspecify..")
        .check(PRODUCTION);
  }

  @Test
  void coreDoesNotTouchTheWorld() {
    noClasses()
        .that()
        .resideInAPackage(CORE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.net..", "java.nio.file..", "java.nio.channels..")
        .check(PRODUCTION);
  }

  @Test
  void coreReadsNoClockRollsNoDiceAndLogsNothing() {
    noClasses()
        .that()
        .resideInAPackage(CORE)
        .should()
        .callMethodWhere(callTo("the clock, dice, logs or threads", IMPURE))
        .check(PRODUCTION);
  }

  @Test
  void packagesOfCoreFormNoCycle() {
    slices().matching("dev.spillway.core.(*)..").should().beFreeOfCycles().check(PRODUCTION);
  }

  @Test
  void packagesOfAppFormNoCycle() {
    slices().matching("dev.spillway.app.(*)..").should().beFreeOfCycles().check(PRODUCTION);
  }

  @Test
  void wireNeedsNothingButCore() {
    noClasses()
        .that()
        .resideInAPackage("dev.spillway.wire..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.spillway.link..",
            "dev.spillway.providers..",
            "dev.spillway.gateway..",
            "dev.spillway.site..",
            "dev.spillway.control..",
            "dev.spillway.simulator..",
            "dev.spillway.app..")
        .check(PRODUCTION);
  }

  @Test
  void linkNeedsNothingButNetty() {
    noClasses()
        .that()
        .resideInAPackage("dev.spillway.link..")
        .should()
        .dependOnClassesThat()
        .resideOutsideOfPackages("dev.spillway.link..", "java..", "io.netty..", "org.jspecify..")
        .check(PRODUCTION);
  }

  @ParameterizedTest
  @ValueSource(strings = {"providers", "gateway", "site", "control", "simulator"})
  void modulesBesideOneAnotherDoNotSeeOneAnother(String module) {
    String[] others =
        Stream.of("providers", "gateway", "site", "control", "simulator", "app")
            .filter(other -> !other.equals(module))
            .map(other -> "dev.spillway." + other + "..")
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage("dev.spillway." + module + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(others)
        .check(PRODUCTION);
  }

  /** And where engines' pages are asked, for it hangs up on those that flood. */
  @Test
  void nettyStaysInTheDataPlane() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "dev.spillway.gateway..",
            "dev.spillway.link..",
            "dev.spillway.providers.page..",
            "dev.spillway.site..",
            "dev.spillway.simulator.live..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.netty..")
        .check(PRODUCTION);
  }

  @Test
  void helidonStaysInTheControlPlane() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.spillway.control..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.helidon..")
        .check(PRODUCTION);
  }

  @Test
  void yamlIsReadInOnePlace() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.spillway.app.yaml..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.snakeyaml..")
        .check(PRODUCTION);
  }

  @Test
  void nothingBlocksOnAnEventLoop() {
    noClasses()
        .that()
        .resideInAnyPackage(EVENT_LOOP)
        .should()
        .callMethodWhere(callTo("a method that blocks", BLOCKING))
        .orShould()
        .callMethodWhere(
            describe(
                "a Netty future that waits",
                call ->
                    call.getTargetOwner().getPackageName().startsWith("io.netty")
                        && call.getTargetOwner().isAssignableTo("java.util.concurrent.Future")
                        && NETTY_BLOCKING.contains(call.getTarget().getName())))
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage("java.util.concurrent.locks..", "java.nio.file..", "java.net.http..")
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching("java\\.io\\.(File|RandomAccess).*")
        .check(PRODUCTION);
  }

  @Test
  void nothingIsSynchronizedOnAnEventLoop() {
    noMethods()
        .that()
        .areDeclaredInClassesThat()
        .resideInAnyPackage(EVENT_LOOP)
        .should()
        .haveModifier(JavaModifier.SYNCHRONIZED)
        .check(PRODUCTION);
  }

  @Test
  void everyPackageIsNullMarked() {
    classes()
        .that()
        .haveSimpleName("package-info")
        .should()
        .beAnnotatedWith("org.jspecify.annotations.NullMarked")
        .check(PRODUCTION);
  }

  private static DescribedPredicate<JavaMethodCall> callTo(String what, Set<String> methods) {
    return describe(
        what,
        call ->
            methods.contains(call.getTargetOwner().getName() + "." + call.getTarget().getName()));
  }
}
