package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A signal that comes while a monitor starts, as pid 1 or not, is not lost, and ends it in order.
 */
class SignalAtStartIT {
    private static final int AT_ONCE = 3;
    private static final int TERM = 15;
    private static final List<String> PID_1 =
            List.of("unshare", "--pid", "--fork", "--mount-proc", "--kill-child");

    private static final List<String> ALONE = List.of("--no-backup");

    /** How far a start has come. */
    private enum Stage {
        /** The launcher's shell has done its first line. */
        LAUNCHER,
        /** Java is executed. */
        JAVA,
        /** Java runs. */
        THREADS,
        /** The monitor takes signals. */
        SIGNALS,
        /** It has its state folder. */
        STATE,
        /** Clients can connect. */
        SOCKET,
        /** It supervises. */
        CHILD
    }

    private record Start(List<String> wrapper, List<String> options, String signal, Stage stage) {
        String name() {
            return signal + " at " + stage + (wrapper.isEmpty() ? "" : " to pid 1") + " " + options;
        }
    }

    @TempDir Path folder;

    @Test
    void itEndsInOrder() throws Exception {
        List<Start> starts = new ArrayList<>();
        for (Stage stage : Stage.values()) {
            starts.add(new Start(PID_1, List.of(), "TERM", stage));
        }
        starts.add(new Start(PID_1, List.of(), "INT", Stage.LAUNCHER));
        starts.add(new Start(PID_1, List.of(), "QUIT", Stage.JAVA));
        starts.add(new Start(PID_1, List.of(), "INT", Stage.THREADS));
        starts.add(new Start(PID_1, List.of(), "QUIT", Stage.CHILD));
        // The shell of a launcher that is not pid 1 has no handlers.
        starts.add(new Start(List.of(), ALONE, "INT", Stage.JAVA));
        starts.add(new Start(List.of(), ALONE, "TERM", Stage.THREADS));
        starts.add(new Start(List.of(), ALONE, "QUIT", Stage.SIGNALS));
        starts.add(new Start(List.of(), List.of(), "TERM", Stage.JAVA));
        starts.add(new Start(List.of(), List.of(), "QUIT", Stage.STATE));
        starts.add(new Start(List.of(), List.of(), "TERM", Stage.SOCKET));
        Map<String, Throwable> failures = new ConcurrentSkipListMap<>();
        try (ExecutorService some = Executors.newFixedThreadPool(AT_ONCE)) {
            for (Start start : starts) {
                Path own = Files.createDirectory(folder.resolve("s" + starts.indexOf(start)));
                some.execute(() -> {
                    try {
                        endsInOrder(start, own);
                    } catch (Exception | AssertionError e) {
                        failures.put(start.name(), e);
                    }
                });
            }
        }
        for (Map.Entry<String, Throwable> failure : failures.entrySet()) {
            throw new AssertionError(
                    failures.keySet() + " failed; " + failure.getKey(), failure.getValue());
        }
    }

    private static void endsInOrder(Start start, Path own) throws Exception {
        Path configuration =
                Files.writeString(
                        own.resolve("procmon.json"),
                        Config.of(Config.script("one", "echo >$DIR/up; exec sleep 1000")));
        List<String> arguments = new ArrayList<>(List.of("run"));
        arguments.addAll(start.options());
        arguments.add(configuration.toString());
        // Fails if anything is left.
        try (TestMonitor monitor =
                TestMonitor.launch(own, start.wrapper(), arguments.toArray(String[]::new))) {
            int first = first(monitor.pid(), start.wrapper().isEmpty());
            reach(start.stage(), first, monitor);
            TestProduct.signal(start.signal(), first);

            int code = monitor.awaitExit(Duration.ofSeconds(10));
            assertThat(code).as(monitor.log()).isIn(0, 128 + TERM);
            assertThat(monitor.log()).doesNotContain("\tat ", "Exception", "Error");
            if (start.stage().compareTo(Stage.SIGNALS) >= 0) {
                assertThat(code).isZero();
            }
        }
    }

    /** What the signal is for: of a namespace the first process, once it is the launcher. */
    private static int first(int pid, boolean itself) {
        if (itself) {
            return pid;
        }
        return soon().until(
                        () ->
                                Proc.children(pid).stream()
                                        .map(Proc.Stat::pid)
                                        .filter(child -> runs(child, "procmon"))
                                        .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private static void reach(Stage stage, int first, TestMonitor monitor) {
        soon().failFast("it has ended", () -> Proc.hasEnded(first))
                .until(() ->
                        switch (stage) {
                            case LAUNCHER -> catches(first, TERM);
                            case JAVA -> below(first).anyMatch(pid -> runs(pid, "java"));
                            case THREADS -> hasThread(first, "Common-Cleaner");
                            case SIGNALS -> hasThread(first, "signals");
                            case STATE -> Files.exists(monitor.state().resolve("lock"));
                            case SOCKET -> Files.exists(monitor.socket());
                            case CHILD -> Files.exists(monitor.file("up"));
                        });
    }

    private static org.awaitility.core.ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1));
    }

    /** A process and its children. */
    private static Stream<Integer> below(int pid) {
        return Stream.concat(Stream.of(pid), Proc.children(pid).stream().map(Proc.Stat::pid));
    }

    private static boolean hasThread(int first, String name) {
        return below(first)
                .filter(pid -> runs(pid, "java"))
                .anyMatch(pid -> threads(pid).contains(name));
    }

    private static List<String> threads(int pid) {
        try {
            return Proc.threads(pid);
        } catch (AssertionError _) {
            // It has ended, or one of them has.
            return List.of();
        }
    }

    private static boolean runs(int pid, String program) {
        return Proc.commandLine(pid).stream()
                .limit(2)
                .anyMatch(word -> word.endsWith("/" + program));
    }

    private static boolean catches(int pid, int signal) {
        try {
            return (Long.parseUnsignedLong(Proc.status(pid, "SigCgt"), 16) >> (signal - 1) & 1)
                    != 0;
        } catch (java.util.NoSuchElementException _) {
            return false;
        }
    }

    @Test
    void fcgiProcEndsInOrderAsPid1() throws Exception {
        Path socket = folder.resolve("fcgi.sock");
        List<String> command = new ArrayList<>(PID_1);
        command.add(TestProduct.procmon().replaceAll("procmon$", "fcgi_proc"));
        command.addAll(List.of("--listen", socket.toString()));
        for (boolean early : List.of(true, false)) {
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(folder.resolve("log").toFile())
                            .start();
            int first =
                    soon().until(
                                    () ->
                                            Proc.children((int) process.pid()).stream()
                                                    .map(Proc.Stat::pid)
                                                    .filter(child -> runs(child, "fcgi_proc"))
                                                    .findFirst(),
                                    Optional::isPresent)
                            .orElseThrow();
            soon().until(() -> early ? catches(first, TERM) : Files.exists(socket));
            TestProduct.signal("INT", first);

            assertThat(TestProduct.ends(process, Duration.ofSeconds(10))).isTrue();
            assertThat(process.exitValue()).isIn(0, 128 + TERM);
            assertThat(Files.readString(folder.resolve("log"))).doesNotContain("\tat ");
            Files.deleteIfExists(socket);
        }
    }

    /** So that a reload that somebody asks for is done, whoever is there to do it. */
    @Test
    void aReloadSignalDuringTheStartIsDone() throws IOException {
        Path configuration =
                Files.writeString(
                        folder.resolve("procmon.json"),
                        Config.of(Config.program("one", "sleep 1000")));
        try (TestMonitor monitor =
                TestMonitor.launch(folder, PID_1, "run", configuration.toString())) {
            int first = first(monitor.pid(), false);
            reach(Stage.THREADS, first, monitor);
            TestProduct.signal("HUP", first);
            monitor.awaitAnswer();
            soon().until(() -> monitor.log().contains("reloaded signal=SIGHUP"));
        }
    }
}
