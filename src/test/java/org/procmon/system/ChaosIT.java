package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.status.fields.ProcessRow;
import org.procmon.system.ChaosChildren.Child;
import org.procmon.system.ChaosChildren.Kind;
import org.procmon.system.ChaosOrders.Standing;
import org.procmon.system.ChaosOrders.Verb;

/**
 * Nothing is lost, and nothing is there twice, whoever is killed and whenever: 200 children that
 * record what they do, and a driver that kills monitors and gives commands at random instants.
 *
 * <p>It runs for {@code -Dprocmon.chaos.seconds} (60), and a third of that with a monitor alone
 * unless {@code -Dprocmon.chaos.alone.seconds} says otherwise. See {@link ChaosKind} for what else
 * is done. {@code -Dprocmon.seed} repeats the choices of a run, but not the instants at which they
 * meet the rest of the world. What a failed run left is not removed.
 */
class ChaosIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LAST_THROES = Duration.ofSeconds(5);
    private static final long SECONDS = Long.getLong("procmon.chaos.seconds", 60);
    private static final long SECONDS_ALONE =
            Long.getLong("procmon.chaos.alone.seconds", Math.max(1, SECONDS / 3));

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder = Path.of("");

    @Test
    void killsAtAnyTimeLoseNothing() throws Exception {
        run(false, SECONDS);
    }

    @Test
    void nothingIsLostByAMonitorAloneThatIsKilledAndStartedAgain() throws Exception {
        run(true, SECONDS_ALONE);
    }

    private void run(boolean alone, long seconds) throws Exception {
        long seed = Long.getLong("procmon.seed", System.nanoTime());
        say("%d s with -Dprocmon.seed=%d in %s".formatted(seconds, seed, folder));
        ChaosChildren children = new ChaosChildren(folder.resolve("children"));
        Set<ChaosKind> kinds = ChaosKind.ofThisRun();
        boolean viewed = kinds.contains(ChaosKind.VIEWER);
        String control = viewed ? ChaosViewer.control() : "";
        List<String> problems = new ArrayList<>();
        try (ChaosPair pair =
                        new ChaosPair(
                                folder,
                                others ->
                                        children.configuration(seed, others)
                                                .replaceFirst("\\{", "{" + control),
                                ChaosModel.processes(Map.of()),
                                alone);
                ChaosOrders orders = new ChaosOrders(pair, children)) {
            Map<String, ProcessRow> first = begin(pair, children);
            ChaosDriver driver = new ChaosDriver(seed, pair, orders, children.disturbed(), kinds);
            if (viewed) {
                try (ChaosViewer viewer = ChaosViewer.start(folder, seed)) {
                    driver.drive(seconds);
                    if (!viewer.goesOn()) {
                        problems.add("the viewer ended: see viewer.err");
                    }
                }
            } else {
                driver.drive(seconds);
            }
            pair.both();
            orders.await();
            say(orders.given() + " commands, " + driver.deeds());

            problems.addAll(driver.problems());
            orders.failures().forEach(f -> problems.add(f + ", caused by " + f.getCause()));
            checkWhatIsUp(pair, children, orders, problems);
            checkTheUndisturbed(pair, children, first, driver.ends(), problems);
            checkCounts(pair, children, orders, problems);
            checkShutdown(pair, orders, problems);
            problems.addAll(children.violations());
            checkStarts(children, problems);
            checkLogs(children, problems);

            if (!problems.isEmpty()) {
                throw new AssertionError(story(problems, seed, pair));
            }
        }
    }

    private String story(List<String> problems, long seed, ChaosPair pair) throws IOException {
        List<String> log = pair.log().lines().toList();
        return "%d problems with -Dprocmon.seed=%d, in %s:%n%s%nthe monitors said at last:%n%s"
                .formatted(
                        problems.size(),
                        seed,
                        folder,
                        String.join("\n", problems.subList(0, Math.min(50, problems.size()))),
                        String.join("\n", log.subList(Math.max(0, log.size() - 100), log.size())));
    }

    /** Waits until all are up for the first time. */
    private static Map<String, ProcessRow> begin(ChaosPair pair, ChaosChildren children)
            throws Exception {
        pair.begin();
        pair.both();
        await().atMost(PATIENCE)
                .until(() -> rows(pair).values().stream().allMatch(r -> r.runcount() > 0));
        Map<String, ProcessRow> rows = rows(pair);
        assertThat(rows)
                .containsKeys(children.all().stream().map(Child::name).toArray(String[]::new));
        return rows;
    }

    /** What is wanted up comes up, what was stopped is down and was not started since. */
    private static void checkWhatIsUp(
            ChaosPair pair, ChaosChildren children, ChaosOrders orders, List<String> problems)
            throws Exception {
        Set<String> missing = new HashSet<>();
        for (Child child : children.all()) {
            if (child.kind() != Kind.JOB && orders.standing(child.name()).up()) {
                missing.add(child.name());
            }
        }
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!missing.isEmpty() && System.nanoTime() < end) {
            // Some are seldom up; it is enough to have seen them once.
            rows(pair).values().stream()
                    .filter(row -> row.state().equals("running"))
                    .forEach(row -> missing.remove(row.name()));
        }
        missing.forEach(name -> problems.add(name + " is wanted up and does not come up"));
        Map<String, ProcessRow> rows = rows(pair);
        for (Child child : children.all()) {
            ProcessRow row = row(rows, child.name());
            Standing standing = orders.standing(child.name());
            if (!row.goal().equals(standing.up() ? "up" : "down")) {
                problems.add(
                        "%s: the goal is %s, but %s was the last command"
                                .formatted(
                                        child.name(),
                                        row.goal(),
                                        standing.up() ? "start" : "stop"));
            }
            int starts = children.starts(child.name()).size();
            if (!standing.up() && (!row.state().equals("stopped") || starts != standing.starts())) {
                problems.add(
                        "%s was stopped after %d starts; it is %s after %d"
                                .formatted(child.name(), standing.starts(), row.state(), starts));
            }
        }
    }

    /** Nothing that the monitors went through is to be seen in them. */
    private static void checkTheUndisturbed(
            ChaosPair pair,
            ChaosChildren children,
            Map<String, ProcessRow> first,
            int ends,
            List<String> problems)
            throws Exception {
        Map<String, ProcessRow> rows = rows(pair);
        for (Child child : children.all()) {
            ProcessRow before = row(first, child.name());
            ProcessRow after = row(rows, child.name());
            boolean same =
                    after.runcount() == 1 + ends && (ends > 0 || after.pid() == before.pid());
            if (!child.disturbed() && child.endures() && !same) {
                problems.add(
                        "%s was left in peace, but is in run %d, pid %d instead of %d"
                                .formatted(
                                        child.name(), after.runcount(), after.pid(), before.pid()));
            }
        }
    }

    /** Every run was counted once: what the monitors counted is what the children recorded. */
    private static void checkCounts(
            ChaosPair pair, ChaosChildren children, ChaosOrders orders, List<String> problems)
            throws Exception {
        List<String> names = children.all().stream().map(Child::name).toList();
        orders.insist(Verb.STOP, names, true);
        Map<String, ProcessRow> rows = rows(pair);
        for (String name : names) {
            List<Long> starts = children.starts(name);
            long counted = row(rows, name).runcount();
            long latest = starts.isEmpty() ? 0 : starts.getLast();
            // Who is ended within a few milliseconds of its start has not recorded it yet.
            long missing = counted - starts.size();
            if (latest > counted || missing < 0 || missing > orders.disturbances(name)) {
                problems.add(
                        "%s: %d runs were counted, %d recorded, the latest as %d; %d may be missing"
                                .formatted(
                                        name,
                                        counted,
                                        starts.size(),
                                        latest,
                                        orders.disturbances(name)));
            }
        }
        orders.insist(Verb.START, names, true);
    }

    /** Afterwards nothing is left. */
    private static void checkShutdown(ChaosPair pair, ChaosOrders orders, List<String> problems)
            throws Exception {
        pair.both();
        orders.close();
        Outcome outcome = pair.cli("-x");
        if (!outcome.equals(new Outcome(0, "", ""))) {
            problems.add("procmon -x said " + outcome);
        }
        // Who was killed by the shutdown's last signal may be in its last throes.
        long end = System.nanoTime() + LAST_THROES.toNanos();
        List<Integer> left = pair.ours();
        while (!left.isEmpty() && System.nanoTime() < end) {
            left = pair.ours();
        }
        for (int pid : left) {
            problems.add(
                    "outlived -x: %s, %s, %s"
                            .formatted(
                                    Proc.commandLine(pid),
                                    Proc.stat(pid),
                                    Proc.environment(pid).stream()
                                            .filter(v -> v.startsWith("PROCMON_"))
                                            .toList()));
        }
    }

    /** Each run number is there at most once, and they rise. */
    private static void checkStarts(ChaosChildren children, List<String> problems)
            throws Exception {
        long starts = 0;
        for (Child child : children.all()) {
            long before = 0;
            for (long run : children.starts(child.name())) {
                if (run <= before) {
                    problems.add(child.name() + ": run " + run + " started after run " + before);
                }
                before = run;
                starts++;
            }
        }
        say(starts + " starts");
    }

    /** Every line that was written is in the logs, once and in its place. */
    private void checkLogs(ChaosChildren children, List<String> problems) throws Exception {
        Path logs = TestProduct.stateFolder(folder).resolve("log");
        long lines = 0;
        for (Child child : children.all()) {
            for (int stream = 0; stream < 2; stream++) {
                String file = child.name() + (stream == 0 ? ".log" : ".err");
                ChaosLog log = ChaosLog.read(logs, child.name(), file);
                problems.addAll(log.problems());
                for (Map.Entry<Long, Long> written :
                        children.written(child.name(), stream).entrySet()) {
                    long found = log.lines().getOrDefault(written.getKey(), 0L);
                    if (found < written.getValue()) {
                        problems.add(
                                "%s: %d lines of run %d, which wrote %d"
                                        .formatted(
                                                file, found, written.getKey(), written.getValue()));
                    }
                }
                lines += log.lines().values().stream().mapToLong(Long::longValue).sum();
            }
        }
        say(lines + " lines");
    }

    private static Map<String, ProcessRow> rows(ChaosPair pair) throws Exception {
        Map<String, ProcessRow> rows = new HashMap<>();
        pair.rows().stream()
                .filter(row -> !row.name().startsWith("procmon"))
                .forEach(row -> rows.put(row.name(), row));
        return rows;
    }

    private static ProcessRow row(Map<String, ProcessRow> rows, String name) {
        ProcessRow row = rows.get(name);
        if (row == null) {
            throw new AssertionError("the monitor has forgotten " + name);
        }
        return row;
    }

    /** The seed is to be seen also if the test hangs. */
    private static void say(String what) {
        System.out.println("chaos: " + what);
    }
}
