package org.procmon.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.procmon.config.Exec;
import org.procmon.config.Signal;
import org.procmon.config.StopPlan;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.lifecycle.RecentRuns;
import org.procmon.lifecycle.ResourceUsage;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.RunCounters;
import org.procmon.lifecycle.RunExit;
import org.procmon.lifecycle.StartError;
import org.procmon.lifecycle.StopReason;
import org.procmon.lifecycle.Ticks;
import org.procmon.supervise.port.JournalEntry;

/**
 * Reads the record of a process that {@link EntryWriter} wrote. A number that no monitor writes,
 * such as a pid below 2, makes the record corrupt: otherwise signals would reach the wrong process.
 */
final class EntryReader {
    private static final Goal[] GOALS = Goal.values();
    private static final StopReason[] REASONS = StopReason.values();
    private static final Signal[] SIGNALS = Signal.values();
    private static final StopPlan.Target[] TARGETS = StopPlan.Target.values();

    /** No signal has a greater number. */
    private static final int LAST_SIGNAL = 64;

    private static final long NONE = 0;

    /** A key that is present only if it is true. */
    static final String QUEUED = "queued";

    /** Pid 1 is never a child. */
    private static final int FIRST_PID = 2;

    private EntryReader() {}

    /**
     * A record that was read.
     *
     * @param journal the journal that it belongs to
     */
    record Read(BootTime stamp, String journal, JournalEntry kept) {}

    /**
     * @param name the process that the record must be of
     */
    static Read read(byte[] bytes, String name) throws CorruptRecord {
        RecordReader recordReader = new RecordReader(bytes);
        RecordFormat.Head head = RecordFormat.readHead(recordReader);
        if (!recordReader.text("name").equals(name)) {
            throw new CorruptRecord("it is the record of another process");
        }
        Exec exec = exec(recordReader);
        StopPlan stop = stop(recordReader);
        Goal goal = recordReader.word("goal", GOALS);
        ProcessState state = state(recordReader);
        RunCounters runCounters = tally(recordReader);
        Optional<Run> run = state.run();
        if (run.isPresent() && run.get().number() > runCounters.runs()) {
            throw recordReader.wrong("runs");
        }
        long intended = recordReader.atLeast(1, "intended", NONE);
        String startedWith = recordReader.text("begun_with");
        RecordFormat.readEnd(recordReader, bytes);
        return new Read(
                head.stamp(),
                head.journal(),
                new JournalEntry(
                        name,
                        exec,
                        stop,
                        new ProcessStatus(goal, state, runCounters),
                        intended == NONE ? OptionalLong.empty() : OptionalLong.of(intended),
                        startedWith));
    }

    private static Exec exec(RecordReader recordReader) throws CorruptRecord {
        recordReader.begin("exec");
        String text = recordReader.text("text");
        recordReader.beginArray("argv");
        List<String> argv = new ArrayList<>();
        while (recordReader.hasText()) {
            argv.add(recordReader.text());
        }
        recordReader.end();
        if (argv.isEmpty()) {
            throw recordReader.wrong("argv");
        }
        return new Exec(text, argv);
    }

    private static StopPlan stop(RecordReader recordReader) throws CorruptRecord {
        recordReader.beginArray("stop");
        List<StopPlan.Step> steps = new ArrayList<>();
        while (recordReader.hasObject()) {
            steps.add(
                    new StopPlan.Step(
                            recordReader.word("signal", SIGNALS),
                            recordReader.duration("patience")));
            recordReader.end();
        }
        if (steps.isEmpty()) {
            throw recordReader.wrong("stop");
        }
        return new StopPlan(
                steps,
                recordReader.word("stop_to", TARGETS),
                recordReader.flag("leaves_survivors"));
    }

    private static ProcessState state(RecordReader recordReader) throws CorruptRecord {
        recordReader.begin("state");
        ProcessState state =
                switch (recordReader.text("kind")) {
                    case "stopped" ->
                            new ProcessState.Stopped(
                                    recordReader.word("why", REASONS), recordReader.ticks("since"));
                    case "waiting" -> new ProcessState.Waiting(recordReader.ticks("since"));
                    case "starting" -> {
                        Run run = run(recordReader);
                        Ticks ready = recordReader.ticks("ready");
                        sinceOf(run, recordReader);
                        yield new ProcessState.Starting(run, ready);
                    }
                    case "running" -> {
                        Run run = run(recordReader);
                        sinceOf(run, recordReader);
                        yield new ProcessState.Running(run);
                    }
                    case "stopping" -> stopping(recordReader);
                    case "backoff" ->
                            new ProcessState.Backoff(
                                    recordReader.between(0, Integer.MAX_VALUE, "attempt"),
                                    recordReader.ticks("until"),
                                    recordReader.ticks("since"));
                    case "completed" -> new ProcessState.Completed(recordReader.ticks("since"));
                    case "failed" ->
                            new ProcessState.Failed(
                                    error(recordReader, "error"),
                                    recordReader.ticksIfAny("retry"),
                                    recordReader.ticks("since"));
                    default -> throw recordReader.wrong("kind");
                };
        recordReader.end();
        return state;
    }

    /** A run that exited unobserved has no known pid; no signal is ever sent to it. */
    private static ProcessState stopping(RecordReader recordReader) throws CorruptRecord {
        ProcessState.Stopping stopping =
                new ProcessState.Stopping(
                        run(recordReader, Run.NO_PID),
                        recordReader.word("why", REASONS),
                        recordReader.between(0, Integer.MAX_VALUE, "sent"),
                        recordReader.ticks("patience"),
                        exit(recordReader, "exit"),
                        recordReader.ticks("recheck"),
                        recordReader.ticks("since"));
        int pid = stopping.alive().pid();
        boolean unseen = pid == Run.NO_PID && stopping.exit().isPresent();
        if (pid < FIRST_PID && !unseen) {
            throw recordReader.wrong("pid");
        }
        return stopping;
    }

    /** These states started with their run. */
    private static void sinceOf(Run run, RecordReader recordReader) throws CorruptRecord {
        if (recordReader.ticks("since").compareTo(run.started()) != 0) {
            throw recordReader.wrong("since");
        }
    }

    private static RunCounters tally(RecordReader recordReader) throws CorruptRecord {
        recordReader.begin("tally");
        RunCounters runCounters =
                new RunCounters(
                        recordReader.atLeast(0, "runs"),
                        recordReader.between(0, Integer.MAX_VALUE, "last_pid"),
                        exit(recordReader, "last_exit"),
                        error(recordReader, "last_error"),
                        recordReader.between(0, Integer.MAX_VALUE, "streak"),
                        restarts(recordReader),
                        diary(recordReader));
        recordReader.end();
        return runCounters;
    }

    private static List<Ticks> restarts(RecordReader recordReader) throws CorruptRecord {
        recordReader.beginArray("restarts");
        List<Ticks> restarts = new ArrayList<>();
        while (recordReader.hasNumber()) {
            restarts.add(recordReader.ticks());
        }
        return restarts;
    }

    private static RecentRuns diary(RecordReader recordReader) throws CorruptRecord {
        recordReader.beginArray("diary");
        List<RunExit> runs = new ArrayList<>();
        while (recordReader.hasObject()) {
            runs.add(exit(recordReader, "exit").orElseThrow(() -> recordReader.wrong("diary")));
            recordReader.end();
        }
        if (runs.size() > RecentRuns.LONGEST) {
            throw recordReader.wrong("diary");
        }
        long skipped = recordReader.atLeast(0, "skipped");
        return new RecentRuns(
                runs, skipped, recordReader.isNext(QUEUED) && recordReader.flag(QUEUED));
    }

    private static Run run(RecordReader recordReader) throws CorruptRecord {
        return run(recordReader, FIRST_PID);
    }

    private static Run run(RecordReader recordReader, int leastPid) throws CorruptRecord {
        recordReader.begin("run");
        Run run =
                new Run(
                        recordReader.between(leastPid, Integer.MAX_VALUE, "pid"),
                        recordReader.atLeast(0, "born"),
                        recordReader.atLeast(1, "number"),
                        recordReader.ticks("started"));
        recordReader.end();
        return run;
    }

    private static Optional<RunExit> exit(RecordReader recordReader, String key)
            throws CorruptRecord {
        if (!recordReader.beginIfAny(key)) {
            return Optional.empty();
        }
        Run run = run(recordReader, Run.NO_PID);
        ExitStatus status =
                switch (recordReader.text("status")) {
                    case "exited" -> new ExitStatus.Exited(recordReader.between(0, 255, "code"));
                    case "signaled" ->
                            new ExitStatus.Signaled(recordReader.between(1, LAST_SIGNAL, "signal"));
                    case "unknown" -> new ExitStatus.Unknown();
                    default -> throw recordReader.wrong("status");
                };
        ResourceUsage resourceUsage =
                new ResourceUsage(
                        recordReader.duration("user"),
                        recordReader.duration("system"),
                        recordReader.atLeast(0, "max_rss"));
        RunExit exit = new RunExit(run, status, resourceUsage, recordReader.ticks("at"));
        recordReader.end();
        return Optional.of(exit);
    }

    private static Optional<StartError> error(RecordReader recordReader, String key)
            throws CorruptRecord {
        if (!recordReader.beginIfAny(key)) {
            return Optional.empty();
        }
        StartError error =
                new StartError(
                        recordReader.between(0, Integer.MAX_VALUE, "errno"),
                        recordReader.text("reason"),
                        recordReader.flag("lasting"));
        recordReader.end();
        return Optional.of(error);
    }
}
