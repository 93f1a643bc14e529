package org.procmon.control.server.replies;

import java.util.List;
import org.procmon.control.protocol.Json;
import org.procmon.events.MonitorEvent;
import org.procmon.events.NumberedEvent;
import org.procmon.lifecycle.ExitStatus;
import tools.jackson.core.JsonGenerator;

/** Events as JSON: the type {@code Event} of the interface. */
public final class EventWriter {
    private EventWriter() {}

    static void write(JsonGenerator json, NumberedEvent numberedEvent) {
        json.writeStartObject();
        json.writeNumberProperty("number", numberedEvent.number());
        json.writeStringProperty("at", Rfc3339.text(numberedEvent.wallMs()));
        json.writeNumberProperty("monotonic_ns", numberedEvent.at().nanos());
        writeKeys(json, numberedEvent.what());
        Json.property(json, "text", numberedEvent.what().text());
        json.writeEndObject();
    }

    /** Writes the keys of an event, without its number. */
    public static void writeKeys(JsonGenerator json, MonitorEvent what) {
        switch (what) {
            case MonitorEvent.Changed changed -> {
                about(json, "state", changed.name());
                json.writeStringProperty("from", changed.from().wireName());
                json.writeStringProperty("to", changed.to().wireName());
                Json.property(json, "cause", changed.cause());
                json.writeNumberProperty("pid", changed.pid());
                json.writeNumberProperty("run", changed.run());
                changed.exit().ifPresent(exit -> write(json, exit));
            }
            case MonitorEvent.Commanded command -> write(json, command);
            case MonitorEvent.Signaled signaled -> {
                json.writeStringProperty("kind", "command");
                json.writeStringProperty("method", signaled.method());
                names(json, signaled.names());
                json.writeStringProperty("signal", signaled.signal());
                json.writeStringProperty("outcome", signaled.outcome().wireName());
                Json.property(json, "cause", signaled.reason());
            }
            case MonitorEvent.Noticed noticed -> {
                about(json, "notice", noticed.name());
                json.writeStringProperty("what", noticed.what().words());
                Json.property(json, "cause", noticed.cause());
            }
            case MonitorEvent.OfMonitor monitor -> {
                about(json, "monitor", monitor.name());
                json.writeStringProperty("what", monitor.what());
                Json.property(json, "cause", monitor.cause());
            }
            case MonitorEvent.OutputLost lost -> {
                about(json, "output", lost.name());
                Json.property(json, "cause", lost.reason());
                json.writeNumberProperty("lost_bytes", lost.bytes());
                json.writeBooleanProperty("failing", lost.failing());
            }
            case MonitorEvent.HookFailed failed -> {
                about(json, "hook", failed.name());
                json.writeStringProperty("hook", failed.hook());
                Json.property(json, "cause", failed.reason());
            }
        }
    }

    private static void about(JsonGenerator json, String kind, String name) {
        json.writeStringProperty("kind", kind);
        Json.property(json, "name", name);
    }

    private static void write(JsonGenerator json, MonitorEvent.Commanded command) {
        json.writeStringProperty("kind", "command");
        json.writeStringProperty("method", command.method());
        names(json, command.names());
        Json.property(json, "user", command.caller().user());
        command.caller()
                .web()
                .ifPresent(web -> {
                    Json.property(json, "http_user", web.user());
                    Json.property(json, "http_address", web.address());
                });
        json.writeStringProperty("outcome", command.outcome().wireName());
        Json.property(json, "cause", command.reason());
    }

    private static void names(JsonGenerator json, List<String> names) {
        json.writeArrayPropertyStart("names");
        for (String name : names) {
            Json.string(json, name);
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, ExitStatus exit) {
        json.writeObjectPropertyStart("exit");
        switch (exit) {
            case ExitStatus.Exited exited -> json.writeNumberProperty("code", exited.code());
            case ExitStatus.Signaled signaled ->
                    json.writeStringProperty("signal", RowMapper.signal(signaled));
            case ExitStatus.Unknown _ -> {}
        }
        json.writeEndObject();
    }
}
