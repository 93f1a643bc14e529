package org.procmon.control.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.procmon.control.protocol.ProcessRow.History;
import org.procmon.control.protocol.ProcessRow.Instance;
import org.procmon.control.protocol.ProcessRow.LastExit;
import org.procmon.control.protocol.ProcessRow.Next;
import org.procmon.control.protocol.ProcessRow.OutputLoss;
import org.procmon.control.protocol.ProcessRow.Signs;
import org.procmon.control.protocol.ProcessRow.Usage;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Rows as JSON, both ways. Unknown keys are skipped, so that a newer monitor can add some. */
public final class RowCodec {
    private RowCodec() {}

    /** Writes the object of one row. */
    public static void write(JsonGenerator json, ProcessRow row) {
        json.writeStartObject();
        Json.property(json, "name", row.name());
        json.writeStringProperty("state", row.state());
        json.writeStringProperty("goal", row.goal());
        json.writeNumberProperty("pid", row.pid());
        json.writeNumberProperty("runcount", row.runcount());
        json.writeNumberProperty("restarts", row.restarts());
        json.writeStringProperty("since", row.since());
        json.writeNumberProperty("age_ms", row.ageMs());
        if (row.uptimeMs().isPresent()) {
            json.writeNumberProperty("uptime_ms", row.uptimeMs().getAsLong());
        }
        Json.property(json, "exec", row.exec());
        Json.property(json, "cause", row.cause());
        if (row.lastExit().isPresent()) {
            json.writeName("last_exit");
            write(json, row.lastExit().get());
        }
        if (row.next().isPresent()) {
            Next next = row.next().get();
            json.writeObjectPropertyStart("next");
            Json.property(json, "what", next.what());
            json.writeStringProperty("at", next.at());
            json.writeNumberProperty("in_ms", next.inMs());
            json.writeEndObject();
        }
        json.writeArrayPropertyStart("depends");
        for (String name : row.depends()) {
            Json.string(json, name);
        }
        json.writeEndArray();
        if (row.output().isPresent()) {
            OutputLoss loss = row.output().get();
            json.writeObjectPropertyStart("output");
            json.writeNumberProperty("lost_bytes", loss.lostBytes());
            Json.property(json, "reason", loss.reason());
            json.writeBooleanProperty("failing", loss.failing());
            json.writeEndObject();
        }
        if (row.hook().isPresent()) {
            Json.property(json, "hook", row.hook().get());
        }
        if (row.unkept().isPresent()) {
            Json.property(json, "unkept", row.unkept().get());
        }
        if (row.orphan()) {
            json.writeBooleanProperty("orphan", true);
        }
        if (row.instance().isPresent()) {
            Json.property(json, "group", row.instance().get().group());
            json.writeNumberProperty("instance", row.instance().get().number());
        }
        if (row.usage().isPresent()) {
            json.writeNumberProperty("cpu_percent", row.usage().get().cpuPercent());
            json.writeNumberProperty("rss", row.usage().get().rss());
        }
        ReadinessCodec.write(json, row.signs());
        if (!row.history().isEmpty()) {
            json.writeArrayPropertyStart("history");
            for (LastExit run : row.history().runs()) {
                write(json, run);
            }
            json.writeEndArray();
            json.writeNumberProperty("skipped", row.history().skipped());
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, LastExit exit) {
        json.writeStartObject();
        if (exit.code().isPresent()) {
            json.writeNumberProperty("code", exit.code().getAsInt());
        }
        if (exit.signal().isPresent()) {
            json.writeStringProperty("signal", exit.signal().get());
        }
        json.writeStringProperty("at", exit.at());
        json.writeNumberProperty("run_ms", exit.runMs());
        json.writeNumberProperty("user_ms", exit.userMs());
        json.writeNumberProperty("system_ms", exit.systemMs());
        json.writeNumberProperty("max_rss", exit.maxRss());
        json.writeEndObject();
    }

    /**
     * Reads the object whose {@code START_OBJECT} the parser is at. A key of the wrong type causes
     * an exception of Jackson's.
     */
    public static ProcessRow read(JsonParser json) {
        String name = "";
        String state = "";
        String goal = "";
        int pid = 0;
        long runcount = 0;
        long restarts = 0;
        String since = "";
        long ageMs = 0;
        OptionalLong uptimeMs = OptionalLong.empty();
        String exec = "";
        String cause = "";
        Optional<LastExit> lastExit = Optional.empty();
        Optional<Next> next = Optional.empty();
        List<String> depends = List.of();
        Optional<OutputLoss> output = Optional.empty();
        Optional<String> hook = Optional.empty();
        Optional<String> unkept = Optional.empty();
        boolean orphan = false;
        Signs signs = Signs.NONE;
        List<LastExit> history = List.of();
        long skipped = 0;
        String group = "";
        OptionalInt instance = OptionalInt.empty();
        double cpuPercent = 0;
        OptionalLong rss = OptionalLong.empty();
        for (String key = json.nextName(); key != null; key = json.nextName()) {
            if (json.nextToken() == JsonToken.VALUE_NULL) {
                continue;
            }
            switch (key) {
                case "name" -> name = json.getString();
                case "state" -> state = json.getString();
                case "goal" -> goal = json.getString();
                case "pid" -> pid = json.getIntValue();
                case "runcount" -> runcount = json.getLongValue();
                case "restarts" -> restarts = json.getLongValue();
                case "since" -> since = json.getString();
                case "age_ms" -> ageMs = json.getLongValue();
                case "uptime_ms" -> uptimeMs = OptionalLong.of(json.getLongValue());
                case "exec" -> exec = json.getString();
                case "cause" -> cause = json.getString();
                case "last_exit" -> lastExit = Optional.of(readExit(json));
                case "next" -> next = Optional.of(readNext(json));
                case "depends" -> depends = readNames(json);
                case "output" -> output = Optional.of(readLoss(json));
                case "hook" -> hook = Optional.of(json.getString());
                case "unkept" -> unkept = Optional.of(json.getString());
                case "history" -> history = readHistory(json);
                case "skipped" -> skipped = json.getLongValue();
                case "orphan" -> orphan = json.getBooleanValue();
                case "group" -> group = json.getString();
                case "instance" -> instance = OptionalInt.of(json.getIntValue());
                case "cpu_percent" -> cpuPercent = json.getDoubleValue();
                case "rss" -> rss = OptionalLong.of(json.getLongValue());
                case "ready", "health", "complaint", "status", "main_pid", "ignored" ->
                        signs = ReadinessCodec.with(signs, key, json);
                default -> json.skipChildren();
            }
        }
        return new ProcessRow(
                name,
                state,
                goal,
                pid,
                runcount,
                restarts,
                since,
                ageMs,
                uptimeMs,
                exec,
                cause,
                lastExit,
                next,
                depends,
                output,
                hook,
                unkept,
                orphan,
                signs,
                new History(history, skipped),
                instance.isPresent()
                        ? Optional.of(new Instance(group, instance.getAsInt()))
                        : Optional.empty(),
                rss.isPresent()
                        ? Optional.of(new Usage(cpuPercent, rss.getAsLong()))
                        : Optional.empty());
    }

    private static LastExit readExit(JsonParser json) {
        OptionalInt code = OptionalInt.empty();
        Optional<String> signal = Optional.empty();
        String at = "";
        long runMs = 0;
        long userMs = 0;
        long systemMs = 0;
        long maxRss = 0;
        for (String key = json.nextName(); key != null; key = json.nextName()) {
            if (json.nextToken() == JsonToken.VALUE_NULL) {
                continue;
            }
            switch (key) {
                case "code" -> code = OptionalInt.of(json.getIntValue());
                case "signal" -> signal = Optional.of(json.getString());
                case "at" -> at = json.getString();
                case "run_ms" -> runMs = json.getLongValue();
                case "user_ms" -> userMs = json.getLongValue();
                case "system_ms" -> systemMs = json.getLongValue();
                case "max_rss" -> maxRss = json.getLongValue();
                default -> json.skipChildren();
            }
        }
        return new LastExit(code, signal, at, runMs, userMs, systemMs, maxRss);
    }

    private static Next readNext(JsonParser json) {
        String what = "";
        String at = "";
        long inMs = 0;
        for (String key = json.nextName(); key != null; key = json.nextName()) {
            json.nextToken();
            switch (key) {
                case "what" -> what = json.getString();
                case "at" -> at = json.getString();
                case "in_ms" -> inMs = json.getLongValue();
                default -> json.skipChildren();
            }
        }
        return new Next(what, at, inMs);
    }

    private static OutputLoss readLoss(JsonParser json) {
        long lostBytes = 0;
        String reason = "";
        boolean failing = false;
        for (String key = json.nextName(); key != null; key = json.nextName()) {
            json.nextToken();
            switch (key) {
                case "lost_bytes" -> lostBytes = json.getLongValue();
                case "reason" -> reason = json.getString();
                case "failing" -> failing = json.getBooleanValue();
                default -> json.skipChildren();
            }
        }
        return new OutputLoss(lostBytes, reason, failing);
    }

    private static List<LastExit> readHistory(JsonParser json) {
        List<LastExit> history = new ArrayList<>();
        while (json.nextToken() == JsonToken.START_OBJECT) {
            history.add(readExit(json));
        }
        return history;
    }

    private static List<String> readNames(JsonParser json) {
        List<String> names = new ArrayList<>();
        while (json.nextToken() == JsonToken.VALUE_STRING) {
            names.add(json.getString());
        }
        return names;
    }
}
