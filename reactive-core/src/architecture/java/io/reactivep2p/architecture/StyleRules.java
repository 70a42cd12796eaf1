package io.reactivep2p.architecture;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.lang.ArchRule;
import io.reactivep2p.connection.SansIo;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** How the code is written, as far as the compiled classes show it. */
public final class StyleRules {

    private static final String[] WAITING = {
        "reactor..", "org.reactivestreams..", "io.netty.channel..", "io.netty.handler..", "io.netty.util.concurrent.."
    };

    private static final DescribedPredicate<JavaClass> SANS_IO =
            DescribedPredicate.describe("marked @SansIo, or nested in such a class", StyleRules::isSansIo);

    private static final DescribedPredicate<JavaClass> GENERATED = resideInAPackage("..pb..");

    private StyleRules() {}

    public static Map<String, ArchRule> all() {
        Map<String, ArchRule> rules = new LinkedHashMap<>();
        rules.put("sans-io classes know nothing that waits", sansIoNeverWaits());
        rules.put("sans-io classes are told the time", sansIoIsToldTheTime());
        rules.put("sans-io classes are given randomness", sansIoIsGivenRandomness());
        rules.put("library code does not block", noBlocking());
        rules.put("library code does not print", noPrinting());
        rules.put("library code starts no threads", noThreads());
        rules.put("names say what a class is", plainNames());
        rules.put("no packages for leftovers", noLeftoverPackages());
        return rules;
    }

    public static ArchRule sansIoNeverWaits() {
        DescribedPredicate<JavaClass> concurrency = resideInAPackage("java.util.concurrent..")
                .and(DescribedPredicate.not(HasName.Predicates.name("java.util.concurrent.TimeUnit")));
        return noClasses()
                .that(SANS_IO)
                .should()
                .dependOnClassesThat(resideInAnyPackage(WAITING)
                        .or(concurrency)
                        .or(name("java.lang.Thread"))
                        .or(name("java.lang.Runnable")))
                .allowEmptyShould(true);
    }

    public static ArchRule sansIoIsToldTheTime() {
        return noClasses()
                .that(SANS_IO)
                .should()
                .callMethodWhere(call("java\\.lang\\.System", "nanoTime|currentTimeMillis")
                        .or(call("java\\.time\\.(Instant|LocalDate|LocalDateTime|ZonedDateTime|OffsetDateTime)", "now"))
                        .or(call("java\\.time\\.Clock", ".*")))
                .allowEmptyShould(true);
    }

    public static ArchRule sansIoIsGivenRandomness() {
        DescribedPredicate<JavaCall<?>> unseeded = DescribedPredicate.describe(
                "a random source made on the spot",
                made -> made.getTargetOwner().isAssignableTo(java.util.Random.class)
                        && made.getTarget().getName().equals("<init>")
                        && made.getTarget().getRawParameterTypes().isEmpty());
        return noClasses()
                .that(SANS_IO)
                .should()
                .callMethodWhere(call("java\\.lang\\.Math", "random")
                        .or(call("java\\.util\\.concurrent\\.ThreadLocalRandom", "current"))
                        .or(call("java\\.util\\.UUID", "randomUUID"))
                        .or(call("java\\.security\\.SecureRandom", "getInstance.*")))
                .orShould()
                .callConstructorWhere(unseeded)
                .allowEmptyShould(true);
    }

    /** {@code HostBuilder.startNow()} waits by contract: it is for {@code main} methods and tests. */
    public static ArchRule noBlocking() {
        DescribedPredicate<JavaCall<?>> startNow = DescribedPredicate.describe(
                "the documented wait of HostBuilder.startNow()",
                made -> made.getOrigin().getFullName().equals("io.reactivep2p.HostBuilder.startNow()"));
        return noClasses()
                .should()
                .callMethodWhere(call("java\\.lang\\.Thread", "sleep|join|onSpinWait")
                        .or(call("java\\.lang\\.Object", "wait"))
                        .or(call(
                                "reactor\\.core\\.publisher\\.(Mono|Flux|ConnectableFlux)",
                                "block|blockOptional|blockFirst|blockLast|toIterable|toStream"))
                        .or(call(
                                "java\\.util\\.concurrent\\.(CompletableFuture|Future|FutureTask|ForkJoinTask)",
                                "get|join"))
                        .or(call(
                                "java\\.util\\.concurrent\\.(CountDownLatch|CyclicBarrier|Phaser|Semaphore)",
                                "await|acquire.*"))
                        .or(call("java\\.util\\.concurrent\\.locks\\.LockSupport", "park.*"))
                        .or(call("io\\.netty\\..*(Future|Promise)", "sync.*|await.*|get"))
                        .and(DescribedPredicate.not(startNow)))
                .allowEmptyShould(true);
    }

    public static ArchRule noPrinting() {
        return noClasses()
                .that(DescribedPredicate.not(GENERATED))
                .should()
                .accessFieldWhere(com.tngtech.archunit.core.domain.JavaAccess.Predicates.target(nameMatching("out|err"))
                        .and(com.tngtech.archunit.core.domain.JavaAccess.Predicates.targetOwner(
                                name("java.lang.System"))))
                .orShould()
                .callMethodWhere(DescribedPredicate.describe(
                        "printStackTrace()", made -> made.getTarget().getName().equals("printStackTrace")))
                .allowEmptyShould(true);
    }

    /** A thread factory for event loops makes threads by contract, and their class calls its superclass. */
    public static ArchRule noThreads() {
        DescribedPredicate<JavaCall<?>> thread = DescribedPredicate.describe(
                "a thread made outside of a thread factory",
                made -> (made.getTargetOwner().isAssignableTo(Thread.class)
                                || made.getTargetOwner().isAssignableTo(java.util.Timer.class))
                        && !made.getOriginOwner().isAssignableTo(java.util.concurrent.ThreadFactory.class)
                        && !made.getOriginOwner().isAssignableTo(Thread.class));
        return noClasses()
                .should()
                .callConstructorWhere(thread)
                .orShould()
                .callMethodWhere(call("java\\.util\\.concurrent\\.Executors", "new.*"))
                .allowEmptyShould(true);
    }

    public static ArchRule plainNames() {
        return noClasses()
                .that(DescribedPredicate.not(GENERATED))
                .should()
                .haveNameMatching(".*[.$](\\w*(Impl|Util|Utils|Helper|Helpers)|Stream|"
                        + "(?!ConnectionManager$|ResourceManager$)\\w*Manager)")
                .allowEmptyShould(true);
    }

    public static ArchRule noLeftoverPackages() {
        return noClasses()
                .should()
                .resideInAnyPackage("..util..", "..utils..", "..common..", "..misc..", "..helper..", "..impl..")
                .allowEmptyShould(true);
    }

    private static DescribedPredicate<JavaCall<?>> call(String ownerPattern, String methodPattern) {
        return target(owner(nameMatching(ownerPattern)))
                .and(target(nameMatching(methodPattern)))
                .as("%s.%s", ownerPattern, methodPattern);
    }

    private static boolean isSansIo(JavaClass type) {
        Optional<JavaClass> at = Optional.of(type);
        while (at.isPresent()) {
            if (at.get().isAnnotatedWith(SansIo.class)) {
                return true;
            }
            at = at.get().getEnclosingClass();
        }
        return false;
    }
}
