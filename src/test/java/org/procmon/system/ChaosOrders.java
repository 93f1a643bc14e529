package org.procmon.system;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.procmon.control.client.CallFailed;
import org.procmon.control.client.ControlClient;
import org.procmon.control.client.ControlException;
import org.procmon.control.client.MonitorAway;
import org.procmon.control.protocol.ErrorName;
import org.procmon.control.protocol.Wait;
import org.procmon.status.fields.ProcessRow;

/**
 * The commands of a chaos run, each on a thread of its own, so that monitors die while they are
 * under way. Each is repeated until some monitor has taken it; from then on it has to hold.
 */
final class ChaosOrders implements AutoCloseable {
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int NO_MONITOR = 6;
    private static final int NOT_IN_TIME = 7;

    /** As often as that a command may not be done in time. */
    private static final int MOST = 5_000;

    enum Verb {
        START,
        STOP,
        RESTART;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What a command left behind.
     *
     * @param up whether it is wanted up
     * @param starts how often it had been started when the command was done
     */
    record Standing(boolean up, int starts) {}

    private final ChaosPair pair;
    private final ChaosChildren children;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<String> busy = new HashSet<>();
    private final Map<String, Standing> standing = new ConcurrentHashMap<>();
    private final Map<String, Integer> disturbances = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private int given;

    ChaosOrders(ChaosPair pair, ChaosChildren children) {
        this.pair = pair;
        this.children = children;
        children.all().forEach(child -> standing.put(child.name(), new Standing(true, 0)));
    }

    /**
     * Gives a command, and goes on; those of the names that an earlier one still works on are left
     * out.
     */
    void give(Verb verb, List<String> names, boolean byCli) {
        List<String> free = new ArrayList<>();
        synchronized (busy) {
            for (String name : names) {
                if (busy.add(name)) {
                    free.add(name);
                }
            }
        }
        if (free.isEmpty()) {
            return;
        }
        given++;
        threads.execute(() -> {
            try {
                insist(verb, free, byCli);
            } catch (Exception | AssertionError e) {
                failures.add(new AssertionError("cannot " + verb.word() + " " + free, e));
            } finally {
                synchronized (busy) {
                    free.forEach(busy::remove);
                    busy.notifyAll();
                }
            }
        });
    }

    /** Gives a command, and waits until it is done. */
    void insist(Verb verb, List<String> names, boolean byCli) throws Exception {
        boolean taken = false;
        for (int i = 0; !taken; i++) {
            if (i == MOST) {
                throw new AssertionError(verb.word() + " " + names + " is never done");
            }
            if (verb != Verb.START) {
                names.forEach(this::disturb);
            }
            taken = byCli ? byCli(verb, names) : byCall(verb, names);
            if (!taken) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
        }
        for (String name : names) {
            int starts = children.starts(name).size();
            standing.put(name, new Standing(verb != Verb.STOP, starts));
        }
    }

    /** All that may be given commands, and others. */
    List<String> names() {
        return children.all().stream().map(ChaosChildren.Child::name).toList();
    }

    /** Counts that a run may end before it could record its start. */
    void disturb(String name) {
        disturbances.merge(name, 1, Integer::sum);
    }

    int disturbances(String name) {
        return disturbances.getOrDefault(name, 0);
    }

    /** What has to hold of a process. */
    Standing standing(String name) {
        return standing.getOrDefault(name, new Standing(true, 0));
    }

    /** What was stopped may be up again whose record was lost by damage. */
    void accept(ChaosDamage damage, Map<String, ProcessRow> rows) {
        standing.replaceAll((name, before) -> {
            ProcessRow row = rows.get(name);
            boolean lost = damage.covers(name) && row != null && row.goal().equals("up");
            return lost ? new Standing(true, before.starts()) : before;
        });
    }

    /** How many commands were given. */
    int given() {
        return given;
    }

    /** Waits until no command is under way. */
    void await() throws InterruptedException {
        synchronized (busy) {
            while (!busy.isEmpty()) {
                busy.wait();
            }
        }
    }

    List<Throwable> failures() {
        return List.copyOf(failures);
    }

    private boolean byCli(Verb verb, List<String> names) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(verb.word()));
        arguments.addAll(names);
        Outcome outcome = pair.cli(arguments.toArray(String[]::new));
        if (outcome.code() == NO_MONITOR || outcome.code() == NOT_IN_TIME) {
            // The machine may be slow; what was taken goes on, and is asked for again.
            return false;
        }
        // A program that crashes may not stay up; that is not the monitor's fault.
        if (outcome.code() != DONE && (verb == Verb.STOP || outcome.code() != FAILED)) {
            throw new AssertionError(arguments + " said " + outcome);
        }
        return true;
    }

    private boolean byCall(Verb verb, List<String> names) throws ControlException {
        try (ControlClient client = pair.client()) {
            switch (verb) {
                case START -> client.start(names, Wait.UNTIL_DONE);
                case STOP -> client.stop(names, Wait.UNTIL_DONE);
                case RESTART -> client.restart(names, Wait.UNTIL_DONE);
            }
            return true;
        } catch (MonitorAway e) {
            return false;
        } catch (CallFailed e) {
            if (e.error() != ErrorName.FAILED || verb == Verb.STOP) {
                throw e;
            }
            return true;
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
