package org.procmon.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.procmon.lifecycle.Diary;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.RunExit;
import org.procmon.lifecycle.StartError;
import org.procmon.lifecycle.StopReason;
import org.procmon.lifecycle.Supervised;
import org.procmon.lifecycle.Tally;
import org.procmon.lifecycle.Ticks;
import org.procmon.lifecycle.Usage;
import org.procmon.spec.Exec;
import org.procmon.spec.Signal;
import org.procmon.spec.StopPlan;
import org.procmon.supervise.Kept;

/**
 * Reads the record of a process that {@link KeptWriter} wrote. Numbers that no monitor writes, such
 * as a pid below 2, make it no record: signals would go where they must not.
 */
final class KeptReader {
    private static final Goal[] GOALS = Goal.values();
    private static final StopReason[] REASONS = StopReason.values();
    private static final Signal[] SIGNALS = Signal.values();
    private static final StopPlan.Target[] TARGETS = StopPlan.Target.values();

    /** No number of a signal is greater. */
    private static final int LAST_SIGNAL = 64;

    private static final long NONE = 0;

    /** A key that is there only if it is true. */
    static final String QUEUED = "queued";

    /** Pid 1 is nobody's child. */
    private static final int FIRST_PID = 2;

    private KeptReader() {}

    /**
     * A record that was read.
     *
     * @param journal the journal that it belongs to
     */
    record Read(Stamp stamp, String journal, Kept kept) {}

    /**
     * @param name whose record it has to be
     */
    static Read read(byte[] bytes, String name) throws NotARecord {
        Fields fields = new Fields(bytes);
        RecordFormat.Head head = RecordFormat.readHead(fields);
        if (!fields.text("name").equals(name)) {
            throw new NotARecord("it is the record of another process");
        }
        Exec exec = exec(fields);
        StopPlan stop = stop(fields);
        Goal goal = fields.word("goal", GOALS);
        ProcessState state = state(fields);
        Tally tally = tally(fields);
        Optional<Run> run = state.run();
        if (run.isPresent() && run.get().number() > tally.runs()) {
            throw fields.wrong("runs");
        }
        long intended = fields.atLeast(1, "intended", NONE);
        String begunWith = fields.text("begun_with");
        RecordFormat.readEnd(fields, bytes);
        return new Read(
                head.stamp(),
                head.journal(),
                new Kept(
                        name,
                        exec,
                        stop,
                        new Supervised(goal, state, tally),
                        intended == NONE ? OptionalLong.empty() : OptionalLong.of(intended),
                        begunWith));
    }

    private static Exec exec(Fields fields) throws NotARecord {
        fields.begin("exec");
        String text = fields.text("text");
        fields.beginArray("argv");
        List<String> argv = new ArrayList<>();
        while (fields.hasText()) {
            argv.add(fields.text());
        }
        fields.end();
        if (argv.isEmpty()) {
            throw fields.wrong("argv");
        }
        return new Exec(text, argv);
    }

    private static StopPlan stop(Fields fields) throws NotARecord {
        fields.beginArray("stop");
        List<StopPlan.Step> steps = new ArrayList<>();
        while (fields.hasObject()) {
            steps.add(
                    new StopPlan.Step(fields.word("signal", SIGNALS), fields.duration("patience")));
            fields.end();
        }
        if (steps.isEmpty()) {
            throw fields.wrong("stop");
        }
        return new StopPlan(
                steps, fields.word("stop_to", TARGETS), fields.flag("leaves_survivors"));
    }

    private static ProcessState state(Fields fields) throws NotARecord {
        fields.begin("state");
        ProcessState state =
                switch (fields.text("kind")) {
                    case "stopped" ->
                            new ProcessState.Stopped(
                                    fields.word("why", REASONS), fields.ticks("since"));
                    case "waiting" -> new ProcessState.Waiting(fields.ticks("since"));
                    case "starting" -> {
                        Run run = run(fields);
                        Ticks ready = fields.ticks("ready");
                        sinceOf(run, fields);
                        yield new ProcessState.Starting(run, ready);
                    }
                    case "running" -> {
                        Run run = run(fields);
                        sinceOf(run, fields);
                        yield new ProcessState.Running(run);
                    }
                    case "stopping" -> stopping(fields);
                    case "backoff" ->
                            new ProcessState.Backoff(
                                    fields.between(0, Integer.MAX_VALUE, "attempt"),
                                    fields.ticks("until"),
                                    fields.ticks("since"));
                    case "completed" -> new ProcessState.Completed(fields.ticks("since"));
                    case "failed" ->
                            new ProcessState.Failed(
                                    error(fields, "error"),
                                    fields.ticksIfAny("retry"),
                                    fields.ticks("since"));
                    default -> throw fields.wrong("kind");
                };
        fields.end();
        return state;
    }

    /** Of a run that nobody saw, which is over, no pid is known; no signal is ever sent to that. */
    private static ProcessState stopping(Fields fields) throws NotARecord {
        ProcessState.Stopping stopping =
                new ProcessState.Stopping(
                        run(fields, Run.NO_PID),
                        fields.word("why", REASONS),
                        fields.between(0, Integer.MAX_VALUE, "sent"),
                        fields.ticks("patience"),
                        exit(fields, "exit"),
                        fields.ticks("recheck"),
                        fields.ticks("since"));
        int pid = stopping.alive().pid();
        boolean unseen = pid == Run.NO_PID && stopping.exit().isPresent();
        if (pid < FIRST_PID && !unseen) {
            throw fields.wrong("pid");
        }
        return stopping;
    }

    /** These states began with their run. */
    private static void sinceOf(Run run, Fields fields) throws NotARecord {
        if (fields.ticks("since").compareTo(run.started()) != 0) {
            throw fields.wrong("since");
        }
    }

    private static Tally tally(Fields fields) throws NotARecord {
        fields.begin("tally");
        Tally tally =
                new Tally(
                        fields.atLeast(0, "runs"),
                        fields.between(0, Integer.MAX_VALUE, "last_pid"),
                        exit(fields, "last_exit"),
                        error(fields, "last_error"),
                        fields.between(0, Integer.MAX_VALUE, "streak"),
                        restarts(fields),
                        diary(fields));
        fields.end();
        return tally;
    }

    private static List<Ticks> restarts(Fields fields) throws NotARecord {
        fields.beginArray("restarts");
        List<Ticks> restarts = new ArrayList<>();
        while (fields.hasNumber()) {
            restarts.add(fields.ticks());
        }
        return restarts;
    }

    private static Diary diary(Fields fields) throws NotARecord {
        fields.beginArray("diary");
        List<RunExit> runs = new ArrayList<>();
        while (fields.hasObject()) {
            runs.add(exit(fields, "exit").orElseThrow(() -> fields.wrong("diary")));
            fields.end();
        }
        if (runs.size() > Diary.LONGEST) {
            throw fields.wrong("diary");
        }
        long skipped = fields.atLeast(0, "skipped");
        return new Diary(runs, skipped, fields.isNext(QUEUED) && fields.flag(QUEUED));
    }

    private static Run run(Fields fields) throws NotARecord {
        return run(fields, FIRST_PID);
    }

    private static Run run(Fields fields, int leastPid) throws NotARecord {
        fields.begin("run");
        Run run =
                new Run(
                        fields.between(leastPid, Integer.MAX_VALUE, "pid"),
                        fields.atLeast(0, "born"),
                        fields.atLeast(1, "number"),
                        fields.ticks("started"));
        fields.end();
        return run;
    }

    private static Optional<RunExit> exit(Fields fields, String key) throws NotARecord {
        if (!fields.beginIfAny(key)) {
            return Optional.empty();
        }
        Run run = run(fields, Run.NO_PID);
        ExitStatus status =
                switch (fields.text("status")) {
                    case "exited" -> new ExitStatus.Exited(fields.between(0, 255, "code"));
                    case "signaled" ->
                            new ExitStatus.Signaled(fields.between(1, LAST_SIGNAL, "signal"));
                    case "unknown" -> new ExitStatus.Unknown();
                    default -> throw fields.wrong("status");
                };
        Usage usage =
                new Usage(
                        fields.duration("user"),
                        fields.duration("system"),
                        fields.atLeast(0, "max_rss"));
        RunExit exit = new RunExit(run, status, usage, fields.ticks("at"));
        fields.end();
        return Optional.of(exit);
    }

    private static Optional<StartError> error(Fields fields, String key) throws NotARecord {
        if (!fields.beginIfAny(key)) {
            return Optional.empty();
        }
        StartError error =
                new StartError(
                        fields.between(0, Integer.MAX_VALUE, "errno"),
                        fields.text("reason"),
                        fields.flag("lasting"));
        fields.end();
        return Optional.of(error);
    }
}
