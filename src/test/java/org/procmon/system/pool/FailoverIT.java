package org.procmon.system.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.pool.BadStage.patiently;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.control.client.ControlClient;
import org.procmon.control.client.ControlException;
import org.procmon.control.protocol.Wait;
import org.procmon.status.fields.ProcessRow;

/**
 * Monitors that are killed under load, while workers are replaced, suspended and started. {@code
 * -Dprocmon.seed} repeats the choices of a run; what they meet may differ.
 */
@Timeout(300)
class FailoverIT {
    private static final int CLIENTS = 16;
    private static final int WORKERS = 3;
    private static final int BURST = 12;
    private static final long MOST_NANOS_TO_MEET = TimeUnit.SECONDS.toNanos(5);
    private static final Duration MOST_TO_END = Duration.ofSeconds(5);
    private static final long LOOK_NANOS = 50_000;
    private static final String[] POOLS = {
        "{'id': 'app', 'exec': ['BAD', 'serve'], 'listen': 'DIR/s', 'mode': 'static', 'workers': 3,"
                + " 'retire': 'freeze', 'patience': '5m'}",
        "{'id': 'burst', 'exec': ['BAD', 'serve'], 'listen': 'DIR/b', 'mode': 'ondemand',"
                + " 'workers': 6, 'idle_timeout': '500ms', 'retire': 'freeze'}"
    };

    private enum Victim {
        PRIMARY,
        BACKUP,
        BOTH
    }

    /** When a monitor is killed, and how long after that at most. */
    private enum Moment {
        /** A new listener is there, and clients are about to reach it. */
        SWITCH(60),
        /** A worker is suspended. */
        FREEZE(4),
        /** Many clients come to a pool without a worker. */
        BURST(60);

        private final int mostMillis;

        Moment(int mostMillis) {
            this.mostMillis = mostMillis;
        }
    }

    /** The monitors that were killed. */
    private final Set<Integer> dead = new HashSet<>();

    private record Round(Moment moment, Victim victim, long nanos) {}

    @TempDir Path folder = Path.of("");

    private final long seed =
            Long.getLong("procmon.seed", new Random().nextLong(1_000_000_000_000L));
    private final String how = "with -Dprocmon.seed=" + seed;

    @Test
    void noRequestAndNoListenerIsLostAndNoWorkerStaysSuspended() throws Exception {
        System.out.println("FailoverIT " + how);
        try (BadStage stage = BadStage.ofPair(folder, POOLS)) {
            awaitOrder(stage, WORKERS);
            try (SteadyClients clients = new SteadyClients(stage.socket("s"), CLIENTS, "")) {
                for (Round round : rounds()) {
                    try {
                        perform(stage, round);
                        // One that was killed idle may have been started again: while all are busy,
                        // it is not stopped.
                        awaitOrder(stage, WORKERS + 1);
                        int served = clients.served();
                        patiently().alias(how).until(() -> clients.served() > served + 20);
                    } catch (AssertionError | RuntimeException e) {
                        throw new AssertionError(
                                "%s, in %s:%n%s".formatted(how, round, stage.allLogs()), e);
                    }
                }
            }
            awaitOrder(stage, WORKERS);
            stage.procmon("-x");
            assertThat(folder.toFile().list((_, name) -> name.matches("[sb](\\..*)?")))
                    .as(how)
                    .isEmpty();
        }
    }

    @Test
    void theReplacementOfAllWorkersGoesOnAfterTheDeathOfAMonitor() throws Exception {
        String start = "{'id': 'app', 'exec': ['sh', '-c', 'test -e DIR/slow && sleep 2;";
        try (BadStage stage =
                BadStage.ofPair(
                        folder,
                        start
                                + " exec BAD serve'], 'listen': 'DIR/s', 'mode': 'static',"
                                + " 'workers': 3}")) {
            awaitOrder(stage, WORKERS);
            Set<Integer> before = pids(stage);
            Files.createFile(stage.file("slow"));
            var _ = roll(stage);
            patiently().until(() -> stage.workers("app").size() == 2 * WORKERS);
            assertThat(hasSecondListener()).isTrue();
            kill(stage, new Round(Moment.SWITCH, Victim.PRIMARY, 0), monitors(stage));
            patiently()
                    .ignoreExceptionsInstanceOf(ControlException.class)
                    .until(() -> pids(stage).stream().noneMatch(before::contains));
            awaitOrder(stage, WORKERS);
            stage.procmon("-x");
        }
    }

    private static Set<Integer> pids(BadStage stage) throws ControlException {
        return stage.workers("app").stream().map(ProcessRow::pid).collect(Collectors.toSet());
    }

    private List<Round> rounds() {
        Random random = new Random(seed);
        List<Round> all = new ArrayList<>();
        for (Moment moment : Moment.values()) {
            for (Victim victim : Victim.values()) {
                long most = TimeUnit.MILLISECONDS.toNanos(moment.mostMillis);
                all.add(new Round(moment, victim, random.nextLong(most)));
            }
        }
        Collections.shuffle(all, random);
        return all;
    }

    private void perform(BadStage stage, Round round) throws Exception {
        List<ProcessRow> monitors = monitors(stage);
        assertThat(monitors).as(how).hasSize(2);
        List<ProcessRow> workers = stage.running("app");
        switch (round.moment()) {
            case SWITCH -> {
                Thread roll = roll(stage);
                meet(this::hasSecondListener);
                kill(stage, round, monitors);
                // Its last part waits until a worker is idle, which may not be while clients ask.
                var _ = roll.join(MOST_TO_END);
            }
            case FREEZE -> {
                Thread roll = roll(stage);
                meet(() -> workers.stream().anyMatch(FailoverIT::isSuspended));
                kill(stage, round, monitors);
                // Its last part waits until a worker is idle, which may not be while clients ask.
                var _ = roll.join(MOST_TO_END);
            }
            case BURST -> {
                List<OverloadRequest> burst =
                        OverloadRequest.sendAll(stage.socket("b"), "sleep=20", BURST);
                kill(stage, round, monitors);
                for (OverloadRequest request : burst) {
                    assertThat(request.answer()).as(how).matches(OverloadRequest.Answer::isServed);
                }
                OverloadRequest.closeAll(burst);
            }
        }
    }

    /** What it is told may break off, with the monitor. */
    private static Thread roll(BadStage stage) {
        return Thread.ofVirtual()
                .start(() -> {
                    try (ControlClient client =
                            ControlClient.connect(stage.file("state/control.sock"))) {
                        var _ = client.roll(List.of("app"), Wait.UNTIL_DONE);
                    } catch (ControlException _) {
                        assertThat(stage.file("state")).exists();
                    }
                });
    }

    /** Looks often, for a moment that is short. Where it is missed, any moment is good. */
    private static void meet(BooleanSupplier moment) {
        long end = System.nanoTime() + MOST_NANOS_TO_MEET;
        while (!moment.getAsBoolean() && System.nanoTime() < end) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** Kills the primary, the backup or both, and starts others if both are dead. */
    private void kill(BadStage stage, Round round, List<ProcessRow> monitors) throws IOException {
        long end = System.nanoTime() + round.nanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        List<ProcessRow> killed =
                monitors.stream()
                        .filter(row ->
                                switch (round.victim()) {
                                    case PRIMARY -> row.name().endsWith("1");
                                    case BACKUP -> row.name().endsWith("2");
                                    case BOTH -> true;
                                })
                        .toList();
        for (ProcessRow row : killed) {
            dead.add(row.pid());
            ProcessHandle.of(row.pid()).ifPresent(ProcessHandle::destroyForcibly);
        }
        if (round.victim() == Victim.BOTH) {
            patiently().until(() -> killed.stream().noneMatch(FailoverIT::isThere));
            stage.startAgain();
        }
    }

    private boolean hasSecondListener() {
        return folder.toFile().list((_, name) -> name.startsWith("s.")).length > 0;
    }

    private static List<ProcessRow> monitors(BadStage stage) throws ControlException {
        return stage.rows().stream().filter(row -> row.name().matches("procmon[12]")).toList();
    }

    private static boolean isThere(ProcessRow monitor) {
        return Files.exists(Path.of("/proc", "" + monitor.pid(), "exe"));
    }

    /** Two monitors, all workers on one listener, and none of them suspended. */
    private void awaitOrder(BadStage stage, int most) {
        patiently()
                .alias(how)
                .ignoreExceptionsInstanceOf(ControlException.class)
                .untilAsserted(() -> {
                    assertThat(monitors(stage))
                            .hasSize(2)
                            .allMatch(row -> row.state().equals("running"))
                            // The other one may not have noticed it yet.
                            .noneMatch(row -> dead.contains(row.pid()));
                    List<ProcessRow> workers = stage.running("app");
                    assertThat(workers).hasSizeBetween(WORKERS, most);
                    assertThat(stage.workers("app")).hasSize(workers.size());
                    assertThat(workers.stream().flatMap(FailoverIT::listener).distinct())
                            .hasSize(1);
                    assertThat(hasSecondListener()).isFalse();
                    assertThat(Stream.of(workers, stage.workers("burst")).flatMap(List::stream))
                            .noneMatch(FailoverIT::isSuspended);
                });
    }

    private static Stream<String> listener(ProcessRow worker) {
        try {
            Path input = Path.of("/proc", "" + worker.pid(), "fd", "0");
            return Stream.of(Files.readSymbolicLink(input).toString());
        } catch (IOException _) {
            return Stream.of();
        }
    }

    private static boolean isSuspended(ProcessRow worker) {
        try {
            String stat = Files.readString(Path.of("/proc", "" + worker.pid(), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'T';
        } catch (IOException _) {
            return false;
        }
    }
}
