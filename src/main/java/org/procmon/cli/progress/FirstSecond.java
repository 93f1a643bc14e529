package org.procmon.cli.progress;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.procmon.bytes.TerminalSafe;
import org.procmon.control.client.CallFailed;
import org.procmon.control.client.ControlClient;
import org.procmon.control.client.ControlException;
import org.procmon.status.fields.LastExit;
import org.procmon.status.fields.ProcessRow;

/**
 * Whether what was just started is still there after a second: a program that cannot work usually
 * exits at once, when its start has been answered already.
 */
public final class FirstSecond {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    /**
     * A process that did not last.
     *
     * @param text what has become of it, harmless for a terminal
     */
    public record Failure(String name, String text) {}

    private FirstSecond() {}

    /**
     * Waits until each run is a second old, has ended, or has reported that it is ready. Returns
     * the processes that have failed meanwhile.
     *
     * @param started the processes right after their start
     */
    public static List<Failure> failures(ControlClient client, List<ProcessRow> started)
            throws ControlException {
        Map<String, Long> runs = new HashMap<>();
        for (ProcessRow row : started) {
            if (isNew(row)) {
                runs.put(row.name(), row.runcount());
            }
        }
        List<Failure> failures = new ArrayList<>();
        long begun = System.nanoTime();
        while (!runs.isEmpty() && System.nanoTime() - begun <= SECOND.toNanos()) {
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            List<ProcessRow> now;
            try {
                now = client.list(List.copyOf(runs.keySet()));
            } catch (CallFailed _) {
                // One of them has been deleted.
                return failures;
            }
            for (ProcessRow row : now) {
                long run = runs.getOrDefault(row.name(), 0L);
                if (row.runcount() == run && isNew(row)) {
                    continue;
                }
                runs.remove(row.name());
                if (hasFailed(row, run)) {
                    failures.add(new Failure(row.name(), text(row)));
                }
            }
        }
        return failures;
    }

    private static boolean isNew(ProcessRow row) {
        return row.state().equals("running")
                && row.signs().ready().isEmpty()
                && row.run().uptimeMs().orElse(Long.MAX_VALUE) < SECOND.toMillis();
    }

    private static boolean hasFailed(ProcessRow row, long run) {
        return switch (row.state()) {
            case "failed", "backoff" -> true;
            case "completed", "stopped" -> false;
            case "stopping" -> row.cause().startsWith("exited") || row.cause().startsWith("was ");
            default -> row.runcount() > run && row.lastExit().isPresent();
        };
    }

    private static String text(ProcessRow row) {
        return row.name()
                + ": started, then "
                + row.lastExit().map(FirstSecond::text).orElse(TerminalSafe.text(row.cause()))
                + " ('procmon explain "
                + row.name()
                + "')";
    }

    private static String text(LastExit exit) {
        String how =
                exit.code().isPresent()
                        ? "exited with code " + exit.code().getAsInt()
                        : exit.signal()
                                .map(signal -> "was ended by SIG" + TerminalSafe.text(signal))
                                .orElse("ended");
        return how + " after " + exit.runMs() + " ms";
    }
}
