package org.procmon.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.procmon.cli.console.Console;
import org.procmon.control.client.CallFailed;
import org.procmon.control.client.CallTimeout;
import org.procmon.control.client.ControlClient;
import org.procmon.control.client.ControlException;
import org.procmon.control.client.MonitorAway;
import org.procmon.control.protocol.ErrorName;
import org.procmon.control.protocol.OutputQuery;

/**
 * Shows the output of several processes, such as the workers of a pool or all that a glob matches,
 * with a heading where that of another one begins. With {@code -f} it also shows that of processes
 * which start later.
 */
final class GroupTail {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final Console console;
    private final List<String> meant;
    private final OutputQuery query;
    private final TailHeadings headings;
    private final Map<String, TailCommand> workers = new LinkedHashMap<>();
    private final Map<String, CompletableFuture<?>> followed = new LinkedHashMap<>();

    /**
     * @param meant names of processes, groups and pools, and globs
     */
    GroupTail(Console console, List<String> meant, OutputQuery query) {
        this.console = console;
        this.meant = List.copyOf(meant);
        this.query = query;
        this.headings = new TailHeadings(console);
    }

    /** Shows the existing output of the workers that are processes now. */
    void show(ControlClient client) throws ControlException {
        List<String> names = names(client);
        if (names.isEmpty()) {
            console.complain(
                    String.join(" ", meant)
                            + " has no "
                            + (isPool(client) ? "worker" : "process")
                            + " now, and so no output to show");
        }
        for (String name : names) {
            showOne(client, name);
        }
    }

    private void showOne(ControlClient client, String name) throws ControlException {
        try {
            worker(name).show(client);
        } catch (CallFailed e) {
            if (!isGone(e)) {
                throw e;
            }
        }
    }

    /**
     * Shows existing and new output until standard output has no reader.
     *
     * @param limit how long the first answer of a monitor may take
     * @throws MonitorAway if there is no monitor at first, or for too long
     */
    void follow(Path socket, TimeLimit limit) throws ControlException {
        while (!console.out().checkError()) {
            for (String name : names(socket, limit)) {
                CompletableFuture<?> before = followed.get(name);
                if (before == null || before.isDone()) {
                    followed.put(name, begin(name, socket, limit));
                }
            }
            pause();
        }
    }

    private List<String> names(Path socket, TimeLimit limit) throws ControlException {
        try (CallTimeout timeout = limit.restarted();
                ControlClient client = ControlClient.connect(socket, timeout)) {
            return names(client);
        } catch (MonitorAway e) {
            if (followed.isEmpty()) {
                throw e;
            }
            // Those that are followed wait for the next monitor, and fail if there is none.
            return List.of();
        }
    }

    /** A name that nothing has is an error. */
    private List<String> names(ControlClient client) throws ControlException {
        List<String> names = new ArrayList<>();
        client.list(meant).forEach(row -> names.add(row.name()));
        // Their own output is not captured.
        names.removeAll(List.of("procmon1", "procmon2"));
        return names;
    }

    private boolean isPool(ControlClient client) throws ControlException {
        return !client.pools(meant).isEmpty();
    }

    private TailCommand worker(String name) {
        return workers.computeIfAbsent(
                name, _ -> new TailCommand(console, name, query, Optional.of(headings)));
    }

    /** Ends when the worker is gone; its next run goes on where this one ended. */
    private CompletableFuture<?> begin(String name, Path socket, TimeLimit limit) {
        TailCommand worker = worker(name);
        CompletableFuture<Boolean> end = new CompletableFuture<>();
        var _ =
                Thread.ofVirtual()
                        .name("tail-" + name)
                        .start(() -> {
                            try {
                                worker.follow(socket, limit);
                                end.complete(true);
                            } catch (ControlException e) {
                                if (e instanceof CallFailed failed && isGone(failed)) {
                                    end.complete(true);
                                } else {
                                    end.completeExceptionally(e);
                                }
                            } catch (RuntimeException | Error e) {
                                end.completeExceptionally(e);
                            }
                        });
        return end;
    }

    private static boolean isGone(CallFailed e) {
        return e.error() == ErrorName.NO_SUCH_PROCESS || e.error() == ErrorName.NO_OUTPUT;
    }

    /** Waits a moment, or until following one of them has failed. */
    private void pause() throws ControlException {
        CompletableFuture<?>[] all = followed.values().toArray(CompletableFuture<?>[]::new);
        CompletableFuture<Object> failed = new CompletableFuture<>();
        for (CompletableFuture<?> one : all) {
            var _ =
                    one.exceptionally(e -> {
                        failed.completeExceptionally(e);
                        return null;
                    });
        }
        try {
            var _ = failed.get(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            // All goes well.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ControlException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
