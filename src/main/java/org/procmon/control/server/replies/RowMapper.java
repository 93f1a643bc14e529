package org.procmon.control.server.replies;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.procmon.config.Checks;
import org.procmon.config.Dependency;
import org.procmon.config.Signal;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.ExitStatus.Exited;
import org.procmon.lifecycle.ExitStatus.Signaled;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.Phase;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.lifecycle.RecentRuns;
import org.procmon.lifecycle.RunCounters;
import org.procmon.lifecycle.RunExit;
import org.procmon.lifecycle.Ticks;
import org.procmon.status.ProcessView;
import org.procmon.status.ScheduledAction;
import org.procmon.status.Snapshot.MonitorView;
import org.procmon.status.StateText;
import org.procmon.status.fields.LastExit;
import org.procmon.status.fields.LostOutput;
import org.procmon.status.fields.NextChange;
import org.procmon.status.fields.ProcessRow;
import org.procmon.status.fields.ProcessRow.Condition;
import org.procmon.status.fields.ProcessRow.History;
import org.procmon.status.fields.ProcessRow.Identity;
import org.procmon.status.fields.ProcessRow.Instance;
import org.procmon.status.fields.ProcessRow.Run;
import org.procmon.status.fields.ProcessRow.Signs;
import org.procmon.status.fields.ProcessRow.Warnings;
import org.procmon.supervise.port.HookSource;

/**
 * Maps views to rows. Ages come from the monotonic clock; a date is the wall clock's time less the
 * age, so it agrees with the reader's clock even after that was set.
 */
public final class RowMapper {
    private final Ticks now;
    private final long wallMs;
    private final OutputSource output;
    private final HookSource hooks;

    /**
     * @param now the monotonic time
     * @param wallMs the same moment by the wall clock, in milliseconds since 1970
     * @param output reports lost output
     * @param hooks reports hooks that failed
     */
    public RowMapper(Ticks now, long wallMs, OutputSource output, HookSource hooks) {
        this.now = now;
        this.wallMs = wallMs;
        this.output = output;
        this.hooks = hooks;
    }

    public ProcessRow of(ProcessView view) {
        ProcessStatus process = view.process();
        ProcessState state = process.state();
        RunCounters runCounters = process.tally();
        return new ProcessRow(
                identity(view),
                new Condition(
                        state.phase().wireName(),
                        goal(process.goal()),
                        date(state.since()),
                        age(state.since()),
                        StateText.causeAndSignal(view)),
                run(
                        runCounters.lastPid(),
                        runCounters.runs(),
                        state.run()
                                .map(r -> OptionalLong.of(age(r.started())))
                                .orElse(OptionalLong.empty())),
                runCounters.lastExit().map(this::exit),
                StateText.next(view)
                        .map(n -> new NextChange(n.what(), date(n.at()), Math.max(-age(n.at()), 0)))
                        .or(() -> view.comes().map(this::planned)),
                output.loss(view.name())
                        .map(l -> new LostOutput(l.bytes(), l.reason(), l.failing())),
                new Warnings(hooks.trouble(view.name()), view.unkept()),
                signs(view),
                history(runCounters.diary()),
                Optional.empty());
    }

    private static Identity identity(ProcessView view) {
        return new Identity(
                view.name(),
                view.spec().exec().text(),
                depends(view.spec().depends()),
                view.orphan(),
                view.spec().instance().map(one -> new Instance(one.group(), one.number())));
    }

    private static Run run(int pid, long count, OptionalLong uptimeMs) {
        return new Run(pid, count, Math.max(count - 1, 0), uptimeMs);
    }

    /** Nearly all processes have neither probes nor reports of their own. */
    @SuppressWarnings("ReferenceEquality")
    private static Signs signs(ProcessView view) {
        return view.spec().checks() == Checks.DEFAULT ? Signs.NONE : ReadinessRows.of(view);
    }

    public ProcessRow of(MonitorView monitor) {
        if (monitor.process().isPresent()) {
            return of(monitor.process().get());
        }
        return new ProcessRow(
                new Identity(monitor.name(), monitor.exec(), List.of(), false, Optional.empty()),
                new Condition(
                        Phase.RUNNING.wireName(),
                        goal(Goal.UP),
                        date(monitor.since()),
                        age(monitor.since()),
                        monitor.cause()),
                run(monitor.pid(), monitor.runs(), OptionalLong.of(age(monitor.since()))));
    }

    private NextChange planned(ScheduledAction plan) {
        long at = plan.at().toInstant().toEpochMilli();
        return new NextChange(plan.action().word(), Rfc3339.text(at), Math.max(at - wallMs, 0));
    }

    private History history(RecentRuns recentRuns) {
        return recentRuns.equals(RecentRuns.EMPTY)
                ? History.NONE
                : new History(
                        recentRuns.runs().stream().map(this::exit).toList(), recentRuns.skipped());
    }

    private LastExit exit(RunExit exit) {
        ExitStatus status = exit.status();
        return new LastExit(
                status instanceof Exited e ? OptionalInt.of(e.code()) : OptionalInt.empty(),
                status instanceof Signaled s ? Optional.of(signal(s)) : Optional.empty(),
                date(exit.at()),
                millis(exit.ran()),
                millis(exit.usage().user()),
                millis(exit.usage().system()),
                exit.usage().maxRssBytes());
    }

    static String signal(Signaled status) {
        return Signal.ofNumber(status.signal())
                .map(Signal::word)
                .orElseGet(() -> String.valueOf(status.signal()));
    }

    private static String goal(Goal goal) {
        return switch (goal) {
            case UP -> "up";
            case DOWN -> "down";
            case FORGOTTEN -> "forgotten";
        };
    }

    private static List<String> depends(List<Dependency> dependencies) {
        if (dependencies.isEmpty()) {
            return List.of();
        }
        List<String> names = new ArrayList<>(dependencies.size());
        for (Dependency dependency : dependencies) {
            names.add(dependency.on());
        }
        return names;
    }

    private long age(Ticks since) {
        return millis(now.since(since));
    }

    private String date(Ticks at) {
        return Rfc3339.text(wallMs - age(at));
    }

    private static long millis(Duration duration) {
        return duration.toMillis();
    }
}
