package org.procmon.system;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.procmon.control.client.ControlException;
import org.procmon.control.protocol.ProcessRow;
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

    /** How often it did what. */
    private final Map<String, Integer> deeds = new TreeMap<>();

    ChaosDriver(long seed, ChaosPair pair, ChaosOrders orders, List<String> names) {
        this.random = new Random(seed);
        this.pair = pair;
        this.orders = orders;
        this.names = names;
    }

    /** Goes on for so long. Afterwards monitors may be dead, and commands under way. */
    void drive(long seconds) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() < end && orders.failures().isEmpty()) {
            Monitors monitors = pair.both();
            for (int i = random.nextInt(6); i > 0; i--) {
                command();
            }
            pause(random.nextInt(400));
            strike(monitors);
        }
    }

    Map<String, Integer> deeds() {
        return deeds;
    }

    private void strike(Monitors monitors) throws Exception {
        int gap = random.nextInt(3) == 0 ? 0 : random.nextInt(200);
        switch (random.nextInt(10)) {
            case 0, 1 -> {
                did("primary killed");
                pair.kill(monitors.primary());
            }
            case 2 -> {
                did("backup killed");
                pair.kill(monitors.backup());
            }
            case 3 -> {
                did("both killed at once");
                pair.kill(monitors.primary(), monitors.backup());
            }
            case 4 -> {
                did("primary killed, then the backup that takes over");
                pair.kill(monitors.primary());
                pause(gap);
                pair.kill(monitors.backup());
            }
            case 5 -> {
                did("backup killed, then the primary");
                pair.kill(monitors.backup());
                pause(gap);
                pair.kill(monitors.primary());
            }
            case 6 -> {
                did("both killed, then the pair that follows");
                pair.kill(monitors.primary(), monitors.backup());
                pair.begin();
                pause(random.nextInt(800));
                pair.kill(pair.monitors().stream().mapToInt(Integer::intValue).toArray());
            }
            case 7 -> {
                did("children and both monitors killed");
                killChildren();
                pair.kill(monitors.primary(), monitors.backup());
            }
            case 8 -> {
                did("children and primary killed");
                killChildren();
                pair.kill(monitors.primary());
            }
            default -> {
                did("children killed");
                killChildren();
            }
        }
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
