import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * From just before kill -9 of the monitor, with 1,000 children, until the next one answers with all
 * of them, their pids unchanged; and until a child that was killed with it runs again. Once with the
 * pair, in which the backup takes over, and once with a monitor alone that is executed again at once.
 */
class Takeover {
    private static final int CHILDREN = 1000;
    private static final int ROUNDS = Bench.rounds(20);

    /** Until the backup that follows has loaded all that it waits with, and has rehearsed. */
    private static final long SETTLE_MILLIS = 5000;

    private record Times(List<Long> lists, List<Long> replacements) {
        Times() {
            this(new ArrayList<>(), new ArrayList<>());
        }
    }

    public static void main(String[] args) throws Exception {
        Times pair = measure("-f");
        Times alone = measure("--no-backup");
        Table table =
                new Table(
                        "takeover: kill -9 of the monitor of %,d captured sleeps, ms (%d times each)"
                                .formatted(CHILDREN, ROUNDS),
                        List.of());
        rows(table, "pair: until List shows all", pair.lists(), 100, 500);
        rows(table, "pair: a child killed too runs again", pair.replacements(), 150, 0);
        rows(table, "alone, executed again: until List shows all", alone.lists(), 500, 0);
        rows(table, "alone: a child killed too runs again", alone.replacements(), 0, 0);
        table.print();
    }

    /**
     * Two rows.
     *
     * @param median the target for the median; 0 for none
     * @param worst the target for the worst, likewise
     */
    private static void rows(
            Table table, String figure, List<Long> nanos, int median, int worst) {
        row(table, figure + ", median", nanos, 0.5, median);
        row(table, figure + ", worst", nanos, 1, worst);
    }

    private static void row(
            Table table, String figure, List<Long> nanos, double share, int target) {
        double millis = Bench.quantile(nanos.stream().mapToLong(Long::longValue), share) / 1e6;
        table.row(
                figure,
                "%.1f",
                millis,
                target == 0 ? "" : Table.target(target + " ms", millis < target),
                Map.of());
    }

    private static Times measure(String option) throws Exception {
        boolean pair = option.equals("-f");
        Times times = new Times();
        try (Starts starts = new Starts()) {
            Map<String, String> children = new LinkedHashMap<>();
            for (int i = 0; i < ROUNDS; i++) {
                children.put("v" + i, starts.command("v" + i));
            }
            Map<String, String> sleeps =
                    Bench.children(CHILDREN - ROUNDS, i -> "sleep 1000000000");
            children.putAll(sleeps);
            try (Mortal mortal = Mortal.start(option, children)) {
                for (int i = 0; i < ROUNDS; i++) {
                    starts.next();
                }
                for (int round = 0; round < ROUNDS; round++) {
                    Mortal.Answer before = settled(mortal, children, pair);
                    long killed = System.nanoTime();
                    Mortal.kill(before.pid("procmon1"));
                    follow(mortal, pair);
                    times.lists().add(awaitSame(mortal, children, before) - killed);

                    before = settled(mortal, children, pair);
                    String victim = "v" + round;
                    killed = System.nanoTime();
                    Mortal.kill(before.pid("procmon1"), before.pid(victim));
                    follow(mortal, pair);
                    Starts.Start replacement = starts.next();
                    if (!replacement.name().equals(victim)) {
                        throw new IllegalStateException(
                                "%s was killed, %s started".formatted(victim, replacement));
                    }
                    times.replacements().add(replacement.executed() - killed);
                    awaitSame(mortal, sleeps, before);
                }
            }
        }
        return times;
    }

    private static Mortal.Answer settled(
            Mortal mortal, Map<String, String> children, boolean pair) throws Exception {
        mortal.awaitAll(children, pair);
        Thread.sleep(SETTLE_MILLIS);
        return mortal.awaitAll(children, pair);
    }

    /** A monitor alone is followed by whoever starts it again. */
    private static void follow(Mortal mortal, boolean pair) throws IOException {
        if (!pair) {
            mortal.begin();
        }
    }

    /** When a monitor answers with all of them as they were. */
    private static long awaitSame(
            Mortal mortal, Map<String, String> children, Mortal.Answer before) {
        while (true) {
            Mortal.Answer answer = mortal.list();
            boolean all = true;
            for (String name : children.keySet()) {
                long pid = answer.pid(name);
                if (pid != 0 && pid != before.pid(name)) {
                    throw new IllegalStateException(
                            "%s had pid %d, now %d".formatted(name, before.pid(name), pid));
                }
                all &= pid != 0;
            }
            if (all) {
                return answer.nanos();
            }
        }
    }
}
