package org.procmon.system;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.procmon.control.client.CallFailed;
import org.procmon.control.client.ControlClient;
import org.procmon.control.client.ControlException;
import org.procmon.control.client.MonitorAway;
import org.procmon.control.protocol.ErrorName;
import org.procmon.control.protocol.Wait;
import org.procmon.status.fields.ProcessRow;

/**
 * What operators have decided about some processes, kept apart from the monitors and compared with
 * what these do after every blow: what was stopped stays stopped, what was deleted stays deleted
 * until a reload, as many instances run as were asked for, and whatever runs is what the
 * configuration says. One thread.
 */
final class ChaosModel {
    private static final int PROCESSES = 8;
    private static final int MOST_INSTANCES = 5;
    private static final String SCALED = "scaled";
    private static final int CONFIGURED_INSTANCES = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private enum Decision {
        UP,
        STOPPED,
        DELETED
    }

    private interface Call {
        void on(ControlClient client) throws ControlException;
    }

    private final Random random;
    private final ChaosPair pair;
    private final Set<ChaosKind> kinds;
    private final Map<String, Decision> decisions = new LinkedHashMap<>();

    /** Tells the configurations of one process apart. */
    private final Map<String, Integer> versions = new HashMap<>();

    private int instances = CONFIGURED_INSTANCES;

    ChaosModel(Random random, ChaosPair pair, Set<ChaosKind> kinds) {
        this.random = random;
        this.pair = pair;
        this.kinds = kinds;
        for (int i = 0; i < PROCESSES; i++) {
            decisions.put("decided" + i, Decision.UP);
        }
    }

    /** The processes that it decides about, for a configuration; some number their versions. */
    static List<String> processes(Map<String, Integer> versions) {
        List<String> processes = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            String name = "decided" + i;
            processes.add(program(name, versions.getOrDefault(name, 0)));
        }
        processes.add(program(SCALED, 0, "'instances': " + CONFIGURED_INSTANCES));
        return processes;
    }

    private static String program(String name, int version, String... keys) {
        List<String> all = new ArrayList<>(List.of(keys));
        all.add(Config.KEPT);
        String exec = "perl -e 'sleep 1000 while 1' version" + version;
        return Config.program(name, exec, all.toArray(String[]::new));
    }

    /** Decides something, and tells the monitors; returns what, in a word, if anything. */
    String decide() throws Exception {
        List<ChaosKind> able = new ArrayList<>(kinds);
        able.retainAll(
                List.of(ChaosKind.RELOAD, ChaosKind.SCALE, ChaosKind.DELETE, ChaosKind.NOWAIT));
        String name = "decided" + random.nextInt(PROCESSES);
        int choice = random.nextInt(able.size() + 1);
        if (choice == able.size()) {
            return startOrStop(name, Wait.UNTIL_DONE);
        }
        return switch (able.get(choice)) {
            case RELOAD -> reload(name);
            case SCALE -> scale();
            case DELETE -> delete(name);
            default -> startOrStop(name, Wait.NOT);
        };
    }

    private String startOrStop(String name, Wait wait) throws Exception {
        Decision before = decision(name);
        if (before == Decision.DELETED) {
            return "";
        }
        boolean up = before == Decision.STOPPED;
        insist(client -> {
            if (up) {
                client.start(List.of(name), wait);
            } else {
                client.stop(List.of(name), wait);
            }
        });
        decisions.put(name, up ? Decision.UP : Decision.STOPPED);
        return (up ? "start of " : "stop of ") + "one" + (wait.waits() ? "" : " without waiting");
    }

    private String delete(String name) throws Exception {
        try {
            insist(client -> client.delete(List.of(name), Wait.UNTIL_DONE, true));
        } catch (CallFailed e) {
            if (e.error() != ErrorName.NO_SUCH_PROCESS) {
                throw e;
            }
            // It was taken before, and the answer was lost.
        }
        decisions.put(name, Decision.DELETED);
        return "delete";
    }

    private String scale() throws Exception {
        int wanted = random.nextInt(MOST_INSTANCES + 1);
        insist(client -> client.scale(SCALED, wanted));
        instances = wanted;
        return "scale";
    }

    /** With another configuration of one process; what was deleted is there again. */
    private String reload(String name) throws Exception {
        versions.merge(name, 1, Integer::sum);
        pair.configure(processes(versions));
        insist(client -> client.reload(false));
        decisions.replaceAll((_, d) -> d == Decision.DELETED ? Decision.UP : d);
        return "reload";
    }

    /** Until then, a list tells what was read, and not what follows. */
    void awaitLoop() throws Exception {
        insist(client -> client.reload(true));
    }

    /** What was lost by damage need not hold; that it was either lost or not has to. */
    void accept(ChaosDamage damage, Map<String, ProcessRow> rows) {
        decisions.replaceAll((name, decision) -> {
            ProcessRow row = rows.get(name);
            boolean lost = damage.covers(name) && row != null && row.goal().equals("up");
            return lost ? Decision.UP : decision;
        });
        if (damage.scale()) {
            long there = rows.keySet().stream().filter(name -> name.startsWith(SCALED)).count();
            instances = there == instances ? instances : CONFIGURED_INSTANCES;
        }
    }

    private Decision decision(String name) {
        return decisions.getOrDefault(name, Decision.UP);
    }

    private void insist(Call call) throws Exception {
        while (true) {
            pair.both();
            try (ControlClient client = pair.client()) {
                call.on(client);
                return;
            } catch (MonitorAway e) {
                // The next one is asked.
            }
        }
    }

    /** What is not as it was decided, after the monitors had the time for it. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        try {
            await().atMost(PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> {
                        problems.clear();
                        try {
                            compare(pair.rows(), problems);
                        } catch (ControlException e) {
                            problems.add("no monitor answers: " + e.getMessage());
                            pair.both();
                        }
                        return problems.isEmpty();
                    });
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            // The problems say more.
        }
        return problems;
    }

    private void compare(List<ProcessRow> rows, List<String> problems) {
        Map<String, ProcessRow> all = new HashMap<>();
        rows.forEach(row -> all.put(row.name(), row));
        decisions.forEach((name, decision) -> {
            ProcessRow row = all.get(name);
            if (decision == Decision.DELETED) {
                if (row != null) {
                    problems.add(name + " was deleted, and is " + row.state());
                }
            } else if (row == null) {
                problems.add(name + " is gone, and nobody has deleted it");
            } else if (decision == Decision.STOPPED) {
                if (!row.state().equals("stopped") || !row.goal().equals("down")) {
                    problems.add(
                            "%s was stopped, and is %s with the goal %s"
                                    .formatted(name, row.state(), row.goal()));
                }
            } else {
                compareRun(row, problems);
            }
        });
        long running =
                rows.stream()
                        .filter(row -> row.name().startsWith(SCALED))
                        .filter(row -> row.state().equals("running"))
                        .count();
        if (running != instances) {
            problems.add("%d instances were asked for, %d run".formatted(instances, running));
        }
    }

    private void compareRun(ProcessRow row, List<String> problems) {
        if (!row.state().equals("running")) {
            problems.add(row.name() + " is wanted up, and is " + row.state());
            return;
        }
        String version = "version" + versions.getOrDefault(row.name(), 0);
        List<String> words = Proc.commandLine(row.pid());
        if (!words.isEmpty() && !words.contains(version)) {
            problems.add(
                    "%s runs as %s, and the configuration says %s"
                            .formatted(row.name(), words, version));
        }
    }
}
