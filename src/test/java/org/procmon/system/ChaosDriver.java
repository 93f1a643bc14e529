package org.procmon.system;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.procmon.control.client.ControlException;
import org.procmon.status.fields.ProcessRow;
import org.procmon.system.ChaosOrders.Verb;
import org.procmon.system.ChaosPair.Monitors;

/**
 * Kills monitors and children and gives commands at random instants. All its choices come from one
 * seed; what they meet does not.
 */
final class ChaosDriver {
    private final Random random;
    private final ChaosPair pair;
    private final ChaosOrders orders;
    private final List<String> names;
    private final List<ChaosKind> kinds;
    private final ChaosModel model;
    private final List<String> problems = new ArrayList<>();

    /** How often all was ended and started again. */
    private int ends;

    /** How often it did what. */
    private final Map<String, Integer> deeds = new TreeMap<>();

    ChaosDriver(
            long seed,
            ChaosPair pair,
            ChaosOrders orders,
            List<String> names,
            Set<ChaosKind> kinds) {
        this.random = new Random(seed);
        this.kinds = List.copyOf(kinds);
        this.model = new ChaosModel(new Random(seed + 1), pair, kinds);
        this.pair = pair;
        this.orders = orders;
        this.names = names;
    }

    /** Goes on for so long. Afterwards monitors may be dead, and commands under way. */
    void drive(long seconds) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() < end && orders.failures().isEmpty() && problems.isEmpty()) {
            Monitors monitors = pair.both();
            for (int i = random.nextInt(6); i > 0; i--) {
                command();
            }
            pause(random.nextInt(400));
            String decided = random.nextInt(2) == 0 ? model.decide() : "";
            if (!decided.isEmpty()) {
                did(decided);
                // Some minutes of a monitor's life are over since it was looked at.
                monitors = decided.endsWith("without waiting") ? monitors : pair.both();
            }
            String blow = random.nextInt(3) == 0 ? strikeOtherwise() : strike(monitors);
            did(blow);
            for (String problem : model.problems()) {
                problems.add(
                        "after '%s'%s: %s"
                                .formatted(
                                        blow,
                                        decided.isEmpty() ? "" : " and '" + decided + "'",
                                        problem));
            }
        }
    }

    /** What was not as it was decided. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    /** How often all was ended and started again. */
    int ends() {
        return ends;
    }

    /** What is not done to monitors or children; in words. */
    private String strikeOtherwise() throws Exception {
        if (kinds.isEmpty()) {
            return "nothing";
        }
        return switch (kinds.get(random.nextInt(kinds.size()))) {
            case COMPANIONS -> {
                pair.killKeeper();
                yield "keeper killed";
            }
            case PATHS -> {
                String file = random.nextBoolean() ? "control.sock" : "lock";
                Files.deleteIfExists(pair.state().resolve(file));
                yield file + " removed";
            }
            case ENDS -> {
                endAndBegin();
                yield "ended and started again";
            }
            case RECORDS -> damage();
            default -> {
                yield "nothing";
            }
        };
    }

    /** No command is under way: the monitors refuse those that come while they end. */
    private void endAndBegin() throws Exception {
        orders.await();
        pair.both();
        names().forEach(orders::disturb);
        Outcome outcome = pair.cli("-x");
        if (outcome.code() != 0) {
            problems.add("procmon -x said " + outcome);
        }
        pair.awaitNone();
        ends++;
        pair.begin();
        pair.both();
    }

    private List<String> names() {
        return orders.names();
    }

    /**
     * No command is under way, and all is as it was decided: otherwise nobody could say what only a
     * record told that is gone.
     */
    private String damage() throws Exception {
        orders.await();
        pair.both();
        problems.addAll(model.problems());
        names().forEach(orders::disturb);
        pair.kill(pair.monitors().stream().mapToInt(Integer::intValue).toArray());
        pair.awaitNone();
        ChaosDamage damage = ChaosDamage.inflict(pair.state(), random);
        pair.begin();
        pair.both();
        model.awaitLoop();
        Map<String, ProcessRow> rows = new HashMap<>();
        pair.rows().forEach(row -> rows.put(row.name(), row));
        model.accept(damage, rows);
        orders.accept(damage, rows);
        return damage.what();
    }

    Map<String, Integer> deeds() {
        return deeds;
    }

    /** Returns what was done. */
    private String strike(Monitors monitors) throws Exception {
        int gap = random.nextInt(3) == 0 ? 0 : random.nextInt(200);
        return switch (random.nextInt(10)) {
            case 0, 1 -> {
                pair.kill(monitors.primary());
                yield "primary killed";
            }
            case 2 -> {
                pair.kill(monitors.backup());
                yield "backup killed";
            }
            case 3 -> {
                pair.kill(monitors.primary(), monitors.backup());
                yield "both killed at once";
            }
            case 4 -> {
                pair.kill(monitors.primary());
                pause(gap);
                pair.kill(monitors.backup());
                yield "primary killed, then the backup that takes over";
            }
            case 5 -> {
                pair.kill(monitors.backup());
                pause(gap);
                pair.kill(monitors.primary());
                yield "backup killed, then the primary";
            }
            case 6 -> {
                pair.kill(monitors.primary(), monitors.backup());
                pair.begin();
                pause(random.nextInt(800));
                pair.kill(pair.monitors().stream().mapToInt(Integer::intValue).toArray());
                yield "both killed, then the pair that follows";
            }
            case 7 -> {
                killChildren();
                pair.kill(monitors.primary(), monitors.backup());
                yield "children and both monitors killed";
            }
            case 8 -> {
                killChildren();
                pair.kill(monitors.primary());
                yield "children and primary killed";
            }
            default -> {
                killChildren();
                yield "children killed";
            }
        };
    }

    private void command() {
        List<String> some = some(3);
        Verb verb =
                switch (random.nextInt(3)) {
                    case 0 -> Verb.START;
                    case 1 -> Verb.STOP;
                    default -> Verb.RESTART;
                };
        boolean byCli = random.nextInt(5) == 0;
        did(verb.word());
        orders.give(verb, some, byCli);
    }

    private void killChildren() throws Exception {
        List<String> some = some(10);
        try {
            for (ProcessRow row : pair.rows()) {
                if (some.contains(row.name()) && row.isAlive()) {
                    orders.disturb(row.name());
                    pair.killChild(row);
                }
            }
        } catch (ControlException e) {
            // The monitor died under the question; then it is children that are spared.
            did("found no monitor");
        }
    }

    private List<String> some(int most) {
        List<String> some = new ArrayList<>();
        for (int i = random.nextInt(most); i >= 0; i--) {
            some.add(names.get(random.nextInt(names.size())));
        }
        return some.stream().distinct().toList();
    }

    private void did(String what) {
        deeds.merge(what, 1, Integer::sum);
    }

    /** Random instants are what this is about; nothing is expected to have happened meanwhile. */
    private static void pause(int millis) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(millis);
    }
}
