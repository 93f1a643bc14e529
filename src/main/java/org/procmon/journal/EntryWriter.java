package org.procmon.journal;

import java.util.Optional;
import java.util.OptionalLong;
import org.procmon.config.StopPlan;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.RunCounters;
import org.procmon.lifecycle.RunExit;
import org.procmon.lifecycle.StartError;
import org.procmon.lifecycle.Ticks;
import org.procmon.supervise.port.JournalEntry;

/** Writes the state of a process as a record. {@link EntryReader} reads it. */
final class EntryWriter {
    private EntryWriter() {}

    /**
     * @param journal the journal that the record belongs to
     */
    static void write(
            RecordWriter json, BootTime bootTime, String journal, JournalEntry journalEntry) {
        RecordFormat.write(json, bootTime, journal);
        json.text("name", journalEntry.name());
        json.begin("exec");
        json.text("text", journalEntry.exec().text());
        json.beginArray("argv");
        for (String word : journalEntry.exec().argv()) {
            json.text(word);
        }
        json.endArray();
        json.end();
        json.beginArray("stop");
        for (StopPlan.Step step : journalEntry.stop().steps()) {
            json.begin();
            json.text("signal", step.signal().name());
            json.number("patience", step.timeout().toNanos());
            json.end();
        }
        json.endArray();
        json.text("stop_to", journalEntry.stop().to().name());
        json.flag("leaves_survivors", journalEntry.stop().leavesSurvivors());
        json.text("goal", journalEntry.process().goal().name());
        state(json, journalEntry.process().state());
        tally(json, journalEntry.process().tally());
        number(json, "intended", journalEntry.intended());
        json.text("begun_with", journalEntry.startedWith());
        RecordFormat.end(json);
    }

    private static void state(RecordWriter json, ProcessState state) {
        json.begin("state");
        json.text("kind", state.phase().wireName());
        switch (state) {
            case ProcessState.Stopped s -> json.text("why", s.why().name());
            case ProcessState.Waiting _, ProcessState.Completed _ -> {}
            case ProcessState.Starting s -> {
                run(json, s.alive());
                json.ticks("ready", s.ready());
            }
            case ProcessState.Running s -> run(json, s.alive());
            case ProcessState.Stopping s -> {
                run(json, s.alive());
                json.text("why", s.why().name());
                json.number("sent", s.sent());
                json.ticks("patience", s.patience());
                exit(json, "exit", s.exit());
                json.ticks("recheck", s.recheck());
            }
            case ProcessState.Backoff s -> {
                json.number("attempt", s.attempt());
                json.ticks("until", s.until());
            }
            case ProcessState.Failed s -> {
                error(json, "error", s.error());
                if (s.retry().isPresent()) {
                    json.ticks("retry", s.retry().get());
                } else {
                    json.none("retry");
                }
            }
        }
        json.ticks("since", state.since());
        json.end();
    }

    private static void tally(RecordWriter json, RunCounters runCounters) {
        json.begin("tally");
        json.number("runs", runCounters.runs());
        json.number("last_pid", runCounters.lastPid());
        exit(json, "last_exit", runCounters.lastExit());
        error(json, "last_error", runCounters.lastError());
        json.number("streak", runCounters.streak());
        json.beginArray("restarts");
        for (Ticks at : runCounters.restarts()) {
            json.ticks(at);
        }
        json.endArray();
        json.beginArray("diary");
        for (RunExit run : runCounters.diary().runs()) {
            json.begin();
            exit(json, "exit", Optional.of(run));
            json.end();
        }
        json.endArray();
        json.number("skipped", runCounters.diary().skipped());
        if (runCounters.diary().queued()) {
            // Left out otherwise, so that records without it are those of earlier versions.
            json.flag(EntryReader.QUEUED, true);
        }
        json.end();
    }

    private static void run(RecordWriter json, Run run) {
        json.begin("run");
        json.number("pid", run.pid());
        json.number("born", run.born());
        json.number("number", run.number());
        json.ticks("started", run.started());
        json.end();
    }

    private static void exit(RecordWriter json, String key, Optional<RunExit> exit) {
        if (exit.isEmpty()) {
            json.none(key);
            return;
        }
        RunExit end = exit.get();
        json.begin(key);
        run(json, end.run());
        switch (end.status()) {
            case ExitStatus.Exited exited -> {
                json.text("status", "exited");
                json.number("code", exited.code());
            }
            case ExitStatus.Signaled signaled -> {
                json.text("status", "signaled");
                json.number("signal", signaled.signal());
            }
            case ExitStatus.Unknown _ -> json.text("status", "unknown");
        }
        json.number("user", end.usage().user().toNanos());
        json.number("system", end.usage().system().toNanos());
        json.number("max_rss", end.usage().maxRssBytes());
        json.ticks("at", end.at());
        json.end();
    }

    private static void error(RecordWriter json, String key, Optional<StartError> error) {
        if (error.isEmpty()) {
            json.none(key);
            return;
        }
        json.begin(key);
        json.number("errno", error.get().errno());
        json.text("reason", error.get().reason());
        json.flag("lasting", error.get().lasting());
        json.end();
    }

    private static void number(RecordWriter json, String key, OptionalLong number) {
        if (number.isPresent()) {
            json.number(key, number.getAsLong());
        } else {
            json.none(key);
        }
    }
}
