package org.procmon.pool.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table in the documentation of the package says what each event leads to. */
class PoolTableTest {
    private static final Path PAGE =
            Path.of("src/main/java/org/procmon/pool/plan/package-info.java");
    private static final String BAR = "|";

    private static PoolSpecBuilder spec() {
        return PoolSpecBuilder.onDemand(2)
                .queueMax(5)
                .queueTimeout(Duration.ofSeconds(1))
                .memory(1_000);
    }

    private static Map<String, Supplier<PoolDriver>> pools() {
        Map<String, Supplier<PoolDriver>> pools = new LinkedHashMap<>();
        pools.put("undecided", () -> new PoolDriver(spec().build()));
        pools.put("resting", () -> PoolDriver.up(spec()));
        pools.put("starting", PoolTableTest::starting);
        pools.put("serving", () -> PoolDriver.ready(spec(), 1));
        pools.put("full", PoolTableTest::full);
        pools.put("failing", PoolTableTest::failing);
        pools.put("stopped", PoolTableTest::stopped);
        pools.put("opening", PoolTableTest::opening);
        pools.put("renewing", PoolTableTest::renewing);
        pools.put("promoting", PoolTableTest::promoting);
        return pools;
    }

    private static PoolDriver starting() {
        PoolDriver pool = PoolDriver.up(spec());
        var _ = pool.readable();
        var _ = pool.queue(1);
        var _ = pool.see(1, WorkerPhase.STARTING);
        return pool;
    }

    private static PoolDriver full() {
        PoolDriver pool = PoolDriver.ready(spec(), 2);
        var _ = pool.readable();
        var _ = pool.queue(3, 10);
        return pool;
    }

    private static PoolDriver failing() {
        PoolDriver pool = starting();
        var _ = pool.see(1, WorkerPhase.STARTING, 2);
        var _ = pool.see(1, WorkerPhase.BACKING_OFF, 2);
        var _ = pool.queue(1);
        var _ = pool.pass(100);
        return pool;
    }

    private static PoolDriver stopped() {
        PoolDriver pool = PoolDriver.up(spec());
        var _ = pool.tell(new PoolEvent.OperatorStopped());
        return pool;
    }

    private static PoolDriver opening() {
        PoolDriver pool = PoolDriver.ready(spec(), 1);
        var _ = pool.tell(new PoolEvent.WorkerOutdated(1));
        return pool;
    }

    private static PoolDriver renewing() {
        PoolDriver pool = opening();
        var _ = pool.tell(new PoolEvent.GenerationOpened());
        var _ = pool.see(2, WorkerPhase.STARTING);
        return pool;
    }

    private static PoolDriver promoting() {
        PoolDriver pool = renewing();
        var _ = pool.see(2, WorkerPhase.READY);
        return pool;
    }

    private static Map<String, PoolEvent> events(PoolDriver pool) {
        Map<String, PoolEvent> events = new LinkedHashMap<>();
        events.put("ListenerReadable", new PoolEvent.ListenerReadable());
        events.put("QueueSeen 0", new PoolEvent.QueueSeen(0, Optional.empty()));
        events.put("QueueSeen 3", queue(3, 10));
        events.put("QueueSeen 8", queue(8, 10));
        events.put("QueueSeen late", queue(3, 1_000));
        events.put("BusySeen 1", new PoolEvent.BusySeen(1));
        for (WorkerPhase phase : WorkerPhase.values()) {
            long run = pool.state.worker(1).map(PoolWorker::run).orElse(1L);
            events.put("WorkerSeen " + phase, new PoolEvent.WorkerSeen(1, phase, run, pool.now));
        }
        events.put("WorkerGone", new PoolEvent.WorkerGone(1));
        events.put("OperatorStopped", new PoolEvent.OperatorStopped());
        events.put("OperatorStarted", new PoolEvent.OperatorStarted());
        events.put("Reconfigured", new PoolEvent.Reconfigured(PoolSpecBuilder.fixed(1).build()));
        events.put("WorkerOutdated", new PoolEvent.WorkerOutdated(1));
        events.put("RollRequested", new PoolEvent.RollRequested());
        events.put("GenerationOpened", new PoolEvent.GenerationOpened());
        events.put("GenerationImpossible", new PoolEvent.GenerationImpossible());
        events.put("GenerationPromoted", new PoolEvent.GenerationPromoted());
        events.put("GenerationNotPromoted", new PoolEvent.GenerationNotPromoted());
        events.put("MemorySeen", new PoolEvent.MemorySeen(1, 2_000));
        events.put("ShareWanted", new PoolEvent.ShareWanted(0));
        events.put("TimePassed", new PoolEvent.TimePassed());
        return events;
    }

    private static PoolEvent queue(int waiting, long oldestMillis) {
        return new PoolEvent.QueueSeen(waiting, Optional.of(Duration.ofMillis(oldestMillis)));
    }

    record Cell(String event, String pool, String expected) {
        @Override
        public String toString() {
            return event + " while " + pool + ": " + expected;
        }
    }

    static Stream<Cell> cells() throws IOException {
        List<List<String>> rows = table();
        List<String> pools = rows.getFirst();
        List<Cell> cells = new ArrayList<>();
        for (List<String> row : rows.subList(1, rows.size())) {
            for (int i = 1; i < row.size(); i++) {
                cells.add(new Cell(row.getFirst(), pools.get(i), row.get(i)));
            }
        }
        return cells.stream();
    }

    private static List<List<String>> table() throws IOException {
        return Files.readAllLines(PAGE).stream()
                .filter(line -> line.contains(BAR))
                .map(line -> line.substring(line.indexOf('*') + 1))
                .map(line -> Arrays.stream(line.split("\\|", -1)).map(String::strip).toList())
                .toList();
    }

    @Test
    void theTableHasEveryEventAndEveryPool() throws IOException {
        List<List<String>> rows = table();
        assertThat(rows.getFirst().subList(1, rows.getFirst().size()))
                .containsExactlyElementsOf(pools().keySet());
        Map<String, PoolEvent> events = events(PoolDriver.up(spec()));
        assertThat(rows.stream().skip(1).map(List::getFirst))
                .containsExactlyElementsOf(events.keySet());
        assertThat(events.values().stream().map(Object::getClass).distinct())
                .hasSameSizeAs(PoolEvent.class.getPermittedSubclasses());
    }

    @ParameterizedTest
    @MethodSource("cells")
    void aCellSaysWhatFollows(Cell cell) {
        PoolDriver pool = Objects.requireNonNull(pools().get(cell.pool())).get();
        pool.later(cell.event().equals("TimePassed") ? 100 : 1);
        PoolState before = pool.state;
        List<PoolAction> actions =
                pool.tell(Objects.requireNonNull(events(pool).get(cell.event())));
        String changed = pool.state.equals(before) ? "." : "noted";
        assertThat(actions.isEmpty() ? changed : text(actions)).isEqualTo(cell.expected());
    }

    private static String text(List<PoolAction> actions) {
        return actions.stream()
                .map(PoolTableTest::text)
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", "));
    }

    private static String text(PoolAction action) {
        return switch (action) {
            case PoolAction.StartWorker start -> "start " + start.number();
            case PoolAction.RetireWorker retire -> "retire " + retire.number();
            case PoolAction.RefuseOldest refuse -> "refuse " + refuse.count();
            case PoolAction.AnswerBell _ -> "answer";
            case PoolAction.LookAtQueue _ -> "look";
            case PoolAction.LookAtBusy _ -> "sample";
            case PoolAction.Arm _ -> "arm";
            case PoolAction.OpenGeneration _ -> "open";
            case PoolAction.PromoteGeneration _ -> "promote";
            case PoolAction.AbandonGeneration _ -> "abandon";
            case PoolAction.Report report ->
                    "! "
                            + report.what()
                                    .getClass()
                                    .getSimpleName()
                                    .replaceAll("(?<=.)([A-Z])", " $1")
                                    .toLowerCase(Locale.ROOT);
        };
    }
}
