package org.procmon.control.server.calls;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.procmon.control.server.replies.LastWords;
import org.procmon.control.server.replies.OutputSource;
import org.procmon.control.server.replies.RowMapper;
import org.procmon.lifecycle.Ticks;
import org.procmon.status.NextSteps;
import org.procmon.status.PoolText;
import org.procmon.status.PoolView;
import org.procmon.status.ProcessView;
import org.procmon.status.Snapshot;
import org.procmon.status.Snapshot.MonitorView;
import org.procmon.status.StateText;
import org.procmon.status.fields.Explanation;
import org.procmon.status.fields.Explanation.Link;
import org.procmon.status.fields.PoolExplanation;
import org.procmon.status.fields.PoolRow;

/** Finds out why a process is in its state, from one snapshot and its log file. */
final class Explainer {
    /** The chain may contain all processes. */
    private static final int LONGEST_CHAIN = 200;

    private static final int LINES = 10;
    private static final int LONGEST_WORDS = 4 << 10;

    private final Snapshot snapshot;
    private final RowMapper rowMapper;
    private final Ticks now;
    private final OutputSource output;

    Explainer(Snapshot snapshot, RowMapper rowMapper, Ticks now, OutputSource output) {
        this.snapshot = snapshot;
        this.rowMapper = rowMapper;
        this.now = now;
        this.output = output;
    }

    /** For a process or a monitor; empty if there is none of this name. */
    Optional<Explanation> of(String name) {
        for (MonitorView monitor : snapshot.monitors()) {
            if (monitor.name().equals(name)) {
                return Optional.of(of(monitor));
            }
        }
        return snapshot.process(name).map(this::of);
    }

    private Explanation of(MonitorView monitor) {
        String outlook =
                monitor.process().isPresent()
                        ? "if the primary exits, it takes over"
                        : "if it exits, the backup takes over; without one, the next monitor"
                                + " that is started does";
        return new Explanation(rowMapper.of(monitor), List.of(), List.of(), outlook);
    }

    /** For a process at a given moment, now or earlier. */
    Explanation of(ProcessView view) {
        return new Explanation(
                rowMapper.of(view), chain(view), lastWords(view.name()), NextSteps.of(view, now));
    }

    /** For a pool. */
    PoolExplanation of(PoolView view, PoolRow row) {
        List<String> lastWords =
                PoolText.failing(view, now).map(w -> lastWords(w.name())).orElse(List.of());
        return new PoolExplanation(
                row, PoolText.reasons(view, now), lastWords, PoolText.outlook(view, now));
    }

    /** Breadth first, so that the nearest come first. */
    private List<Link> chain(ProcessView view) {
        List<Link> chain = new ArrayList<>();
        Set<String> seen = new HashSet<>(Set.of(view.name()));
        Deque<String> names = new ArrayDeque<>(view.waitsFor());
        while (!names.isEmpty() && chain.size() < LONGEST_CHAIN) {
            String name = names.removeFirst();
            if (seen.add(name)) {
                Optional<ProcessView> found = snapshot.process(name);
                chain.add(link(name, found));
                found.ifPresent(next -> names.addAll(next.waitsFor()));
            }
        }
        return chain;
    }

    private static Link link(String name, Optional<ProcessView> found) {
        return found.map(view ->
                        new Link(
                                name,
                                view.process().state().phase().wireName(),
                                StateText.cause(view)))
                .orElseGet(() -> new Link(name, "", "it was deleted"));
    }

    private List<String> lastWords(String name) {
        return LastWords.of(output, name, LINES, LONGEST_WORDS);
    }
}
