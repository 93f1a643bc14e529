package org.procmon.events;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.procmon.control.protocol.Product;
import org.procmon.lifecycle.ProcessState.Backoff;
import org.procmon.lifecycle.ProcessState.Completed;
import org.procmon.lifecycle.ProcessState.Failed;
import org.procmon.lifecycle.ProcessState.Running;
import org.procmon.lifecycle.ProcessState.Starting;
import org.procmon.lifecycle.ProcessState.Stopped;
import org.procmon.lifecycle.ProcessState.Stopping;
import org.procmon.lifecycle.ProcessState.Waiting;
import org.procmon.status.ProcessView;
import org.procmon.status.Snapshot;
import org.procmon.status.StateText;
import org.procmon.supervise.feature.Change;
import org.procmon.supervise.feature.Feature;
import org.procmon.supervise.feature.FeatureStart;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs that a monitor has started, and how many processes are up a moment after none of them is on
 * its way. One that continues where another was interrupted logs nothing. Loop thread; a virtual
 * thread waits for that moment.
 */
public final class StartSummary implements Feature {
    private static final Logger LOG = LoggerFactory.getLogger("monitor");

    /** So many processes that are down are named; the state of the others can be asked for. */
    private static final int MOST_NAMED = 3;

    private final Path socket;
    private final Path logs;
    private final Duration moment;

    /** All processes as they were last seen, by their names; only until the end of the start. */
    private final Map<String, ProcessView> processes = new LinkedHashMap<>();

    private Stage stage = Stage.OVER;
    private int pools;

    private enum Stage {
        /** Some are on their way, and nothing has happened that would have to be looked at. */
        AT_REST,
        /** The state of a process has changed. */
        CHANGED,
        /** None is on its way; one that fails does so at once. */
        SETTLING,
        /** Nothing more is logged. */
        OVER
    }

    /**
     * @param socket that commands reach the monitor by
     * @param logs the directory of the output of processes
     */
    public StartSummary(Path socket, Path logs) {
        this(socket, logs, Duration.ofSeconds(1));
    }

    StartSummary(Path socket, Path logs, Duration moment) {
        this.socket = socket;
        this.logs = logs;
        this.moment = moment;
    }

    @Override
    public synchronized void start(FeatureStart start) {
        if (start.continues()) {
            return;
        }
        Snapshot snapshot = start.supervisor().snapshot();
        snapshot.processes().forEach(view -> processes.put(view.name(), view));
        pools = start.spec().pools().size();
        stage = Stage.CHANGED;
        LOG.atInfo()
                .addKeyValue("version", Product.VERSION)
                .addKeyValue("pid", snapshot.monitors().getFirst().pid())
                .addKeyValue("socket", socket)
                .addKeyValue("logs", logs)
                .log("started");
    }

    @Override
    public synchronized void on(Change change) {
        if (stage == Stage.OVER) {
            return;
        }
        if (change instanceof Change.Transition transition) {
            ProcessView view = transition.after();
            processes.computeIfPresent(view.name(), (_, _) -> view);
            stage = stage == Stage.SETTLING ? Stage.SETTLING : Stage.CHANGED;
        } else if (change instanceof Change.ShutdownStarted) {
            end();
        } else if (change instanceof Change.Idle && stage == Stage.CHANGED) {
            look();
        }
    }

    private void look() {
        if (processes.values().stream().anyMatch(StartSummary::isOnItsWay)) {
            stage = Stage.AT_REST;
        } else {
            stage = Stage.SETTLING;
            var _ = Thread.ofVirtual().name("start-summary").start(this::settle);
        }
    }

    private static boolean isOnItsWay(ProcessView view) {
        return switch (view.process().state()) {
            case Waiting _, Starting _, Stopping _ -> true;
            case Running _, Completed _, Backoff _, Failed _, Stopped _ -> false;
        };
    }

    private void settle() {
        LockSupport.parkNanos(moment.toNanos());
        conclude();
    }

    private synchronized void conclude() {
        if (stage == Stage.OVER) {
            return;
        }
        int up = 0;
        List<ProcessView> down = new ArrayList<>();
        for (ProcessView view : processes.values()) {
            switch (view.process().state()) {
                case Completed _ -> up++;
                case Running _ when view.process().tally().streak() == 0 -> up++;
                case Running _, Waiting _, Starting _, Stopping _, Backoff _, Failed _ ->
                        down.add(view);
                case Stopped _ -> {}
            }
        }
        end();
        tell(up, down);
    }

    private void end() {
        stage = Stage.OVER;
        processes.clear();
    }

    private void tell(int up, List<ProcessView> down) {
        LoggingEventBuilder line =
                (down.isEmpty() ? LOG.atInfo() : LOG.atWarn())
                        .addKeyValue("up", up)
                        .addKeyValue("of", up + down.size());
        if (pools > 0) {
            line = line.addKeyValue("pools", pools);
        }
        if (!down.isEmpty()) {
            line = line.addKeyValue("down", named(down));
        }
        line.log("{up} of {of} processes are up");
    }

    private static String named(List<ProcessView> down) {
        List<String> parts = new ArrayList<>();
        down.stream()
                .limit(MOST_NAMED)
                .map(view -> view.name() + " " + StateText.cause(view))
                .forEach(parts::add);
        if (down.size() > MOST_NAMED) {
            int others = down.size() - MOST_NAMED;
            parts.add(others == 1 ? "another one" : others + " others");
        }
        return String.join("; ", parts);
    }
}
