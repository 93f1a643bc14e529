package org.procmon.journal;

import java.util.Optional;
import java.util.OptionalLong;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.RunExit;
import org.procmon.lifecycle.StartError;
import org.procmon.lifecycle.Tally;
import org.procmon.lifecycle.Ticks;
import org.procmon.spec.StopPlan;
import org.procmon.supervise.Kept;
import tools.jackson.core.JsonGenerator;

/** Writes what is kept of a process as a record. {@link KeptReader} reads it. */
final class KeptWriter {
    private KeptWriter() {}

    static void write(RecordFormat.Buffer buffer, Stamp stamp, Kept kept) {
        try (JsonGenerator json = RecordFormat.generator(buffer)) {
            RecordFormat.write(json, stamp);
            json.writeStringProperty("name", kept.name());
            json.writeObjectPropertyStart("exec");
            json.writeStringProperty("text", kept.exec().text());
            json.writeArrayPropertyStart("argv");
            for (String word : kept.exec().argv()) {
                json.writeString(word);
            }
            json.writeEndArray();
            json.writeEndObject();
            json.writeArrayPropertyStart("stop");
            for (StopPlan.Step step : kept.stop().steps()) {
                json.writeStartObject();
                json.writeStringProperty("signal", step.signal().name());
                json.writeNumberProperty("patience", step.patience().toNanos());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeStringProperty("goal", kept.process().goal().name());
            state(json, kept.process().state());
            tally(json, kept.process().tally());
            number(json, "intended", kept.intended());
            json.writeEndObject();
        }
    }

    private static void state(JsonGenerator json, ProcessState state) {
        json.writeObjectPropertyStart("state");
        json.writeStringProperty("kind", state.phase().wireName());
        switch (state) {
            case ProcessState.Stopped s -> json.writeStringProperty("why", s.why().name());
            case ProcessState.Waiting _, ProcessState.Completed _ -> {}
            case ProcessState.Starting s -> {
                run(json, s.alive());
                json.writeNumberProperty("ready", s.ready().nanos());
            }
            case ProcessState.Running s -> run(json, s.alive());
            case ProcessState.Stopping s -> {
                run(json, s.alive());
                json.writeStringProperty("why", s.why().name());
                json.writeNumberProperty("sent", s.sent());
                json.writeNumberProperty("patience", s.patience().nanos());
                exit(json, "exit", s.exit());
                json.writeNumberProperty("recheck", s.recheck().nanos());
            }
            case ProcessState.Backoff s -> {
                json.writeNumberProperty("attempt", s.attempt());
                json.writeNumberProperty("until", s.until().nanos());
            }
            case ProcessState.Failed s -> {
                error(json, "error", s.error());
                number(json, "retry", nanos(s.retry()));
            }
        }
        json.writeNumberProperty("since", state.since().nanos());
        json.writeEndObject();
    }

    private static void tally(JsonGenerator json, Tally tally) {
        json.writeObjectPropertyStart("tally");
        json.writeNumberProperty("runs", tally.runs());
        json.writeNumberProperty("last_pid", tally.lastPid());
        exit(json, "last_exit", tally.lastExit());
        error(json, "last_error", tally.lastError());
        json.writeNumberProperty("streak", tally.streak());
        json.writeArrayPropertyStart("restarts");
        for (Ticks at : tally.restarts()) {
            json.writeNumber(at.nanos());
        }
        json.writeEndArray();
        json.writeArrayPropertyStart("diary");
        for (RunExit run : tally.diary().runs()) {
            json.writeStartObject();
            exit(json, "exit", Optional.of(run));
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeNumberProperty("skipped", tally.diary().skipped());
        json.writeEndObject();
    }

    private static void run(JsonGenerator json, Run run) {
        json.writeObjectPropertyStart("run");
        json.writeNumberProperty("pid", run.pid());
        json.writeNumberProperty("born", run.born());
        json.writeNumberProperty("number", run.number());
        json.writeNumberProperty("started", run.started().nanos());
        json.writeEndObject();
    }

    private static void exit(JsonGenerator json, String key, Optional<RunExit> exit) {
        if (exit.isEmpty()) {
            json.writeNullProperty(key);
            return;
        }
        RunExit end = exit.get();
        json.writeObjectPropertyStart(key);
        run(json, end.run());
        switch (end.status()) {
            case ExitStatus.Exited exited -> {
                json.writeStringProperty("status", "exited");
                json.writeNumberProperty("code", exited.code());
            }
            case ExitStatus.Signaled signaled -> {
                json.writeStringProperty("status", "signaled");
                json.writeNumberProperty("signal", signaled.signal());
            }
            case ExitStatus.Unknown _ -> json.writeStringProperty("status", "unknown");
        }
        json.writeNumberProperty("user", end.usage().user().toNanos());
        json.writeNumberProperty("system", end.usage().system().toNanos());
        json.writeNumberProperty("max_rss", end.usage().maxRssBytes());
        json.writeNumberProperty("at", end.at().nanos());
        json.writeEndObject();
    }

    private static void error(JsonGenerator json, String key, Optional<StartError> error) {
        if (error.isEmpty()) {
            json.writeNullProperty(key);
            return;
        }
        json.writeObjectPropertyStart(key);
        json.writeNumberProperty("errno", error.get().errno());
        json.writeStringProperty("reason", error.get().reason());
        json.writeEndObject();
    }

    private static OptionalLong nanos(Optional<Ticks> at) {
        return at.isPresent() ? OptionalLong.of(at.get().nanos()) : OptionalLong.empty();
    }

    private static void number(JsonGenerator json, String key, OptionalLong number) {
        if (number.isPresent()) {
            json.writeNumberProperty(key, number.getAsLong());
        } else {
            json.writeNullProperty(key);
        }
    }
}
