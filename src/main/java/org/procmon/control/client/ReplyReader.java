package org.procmon.control.client;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.procmon.control.protocol.ErrorName;
import org.procmon.control.protocol.EventBatch;
import org.procmon.control.protocol.EventLine;
import org.procmon.control.protocol.Json;
import org.procmon.control.protocol.MessageBuffer;
import org.procmon.control.protocol.OutputSlice;
import org.procmon.control.protocol.ReloadPlan;
import org.procmon.control.protocol.TimeLimits;
import org.procmon.status.fields.Explained;
import org.procmon.status.fields.Explanation;
import org.procmon.status.fields.PoolExplanation;
import org.procmon.status.fields.PoolFields;
import org.procmon.status.fields.PoolRow;
import org.procmon.status.fields.ProcessFields;
import org.procmon.status.fields.ProcessRow;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads one reply in one pass. Source: the Varlink protocol, "Method Reply". */
final class ReplyReader implements AutoCloseable {
    private final JsonParser json;
    private String error = "";
    private String name = "";
    private String reason = "";
    private String subject = "";
    private boolean continues;

    ReplyReader(byte[] bytes, int from, int length) {
        json = Json.parser(bytes, from, length);
    }

    /** The rows of {@code processes}, or the one of {@code process}. */
    List<ProcessRow> rows() throws CallFailed {
        List<ProcessRow> rows = new ArrayList<>();
        read(key -> {
            if (key.equals("processes") && json.currentToken() == JsonToken.START_ARRAY) {
                while (json.nextToken() == JsonToken.START_OBJECT) {
                    rows.add(ProcessFields.TABLE.read(json));
                }
            } else if (key.equals("process") && json.currentToken() == JsonToken.START_OBJECT) {
                rows.add(ProcessFields.TABLE.read(json));
            } else {
                return false;
            }
            return true;
        });
        return rows;
    }

    /** The rows of {@code pools}. */
    List<PoolRow> pools() throws CallFailed {
        List<PoolRow> rows = new ArrayList<>();
        read(key -> {
            if (!key.equals("pools") || json.currentToken() != JsonToken.START_ARRAY) {
                return false;
            }
            while (json.nextToken() == JsonToken.START_OBJECT) {
                rows.add(PoolFields.TABLE.read(json));
            }
            return true;
        });
        return rows;
    }

    /** The one of these parameters that is there, as sent. */
    String json(String... parameters) throws CallFailed {
        MessageBuffer copy = new MessageBuffer();
        read(key -> {
            if (!List.of(parameters).contains(key)) {
                return false;
            }
            try (JsonGenerator to = Json.generator(copy)) {
                to.copyCurrentStructure(json);
            }
            return true;
        });
        return copy.text();
    }

    /** {@code explanation}, or that of a {@code pool}; empty if there is none. */
    Optional<Explained> explanation() throws CallFailed {
        List<Explained> found = new ArrayList<>(1);
        read(key -> {
            if (json.currentToken() != JsonToken.START_OBJECT) {
                return false;
            }
            switch (key) {
                case "explanation" -> {
                    Explanation read = Explanation.TABLE.read(json);
                    if (!read.process().name().isEmpty()) {
                        found.add(read);
                    }
                }
                case "pool" -> {
                    PoolExplanation read = PoolExplanation.TABLE.read(json);
                    if (!read.pool().name().isEmpty()) {
                        found.add(read);
                    }
                }
                default -> {
                    return false;
                }
            }
            return true;
        });
        return found.stream().findFirst();
    }

    /** {@code plan}; empty if there is none. */
    Optional<ReloadPlan> plan() throws CallFailed {
        List<ReloadPlan> found = new ArrayList<>(1);
        read(key -> {
            if (!key.equals("plan") || json.currentToken() != JsonToken.START_OBJECT) {
                return false;
            }
            found.add(ReloadPlan.TABLE.read(json));
            return true;
        });
        return found.stream().findFirst();
    }

    /** {@code stop_ms}, {@code start_ms} and {@code rolling_ms}. */
    TimeLimits timeLimits() throws CallFailed {
        long[] limits = new long[3];
        read(key -> {
            int at =
                    switch (key) {
                        case "stop_ms" -> 0;
                        case "start_ms" -> 1;
                        case "rolling_ms" -> 2;
                        default -> -1;
                    };
            if (at < 0 || json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
                return false;
            }
            limits[at] = json.getLongValue();
            return true;
        });
        return new TimeLimits(limits[0], limits[1], limits[2]);
    }

    /** {@code data}, {@code position} and {@code skipped}. */
    OutputSlice piece() throws CallFailed {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        String[] position = {""};
        boolean[] skipped = {false};
        String[] losing = {""};
        read(key -> {
            switch (key) {
                case "data" -> json.readBinaryValue(data);
                case "position" -> position[0] = json.getString();
                case "skipped" -> skipped[0] = json.currentToken() == JsonToken.VALUE_TRUE;
                case "losing" -> losing[0] = json.getString();
                default -> {
                    return false;
                }
            }
            return true;
        });
        return new OutputSlice(
                data.toByteArray(),
                position[0],
                skipped[0],
                Optional.of(losing[0]).filter(reason -> !reason.isEmpty()));
    }

    /** {@code events}, {@code last} and {@code missed}. */
    EventBatch events() throws CallFailed {
        List<EventLine> events = new ArrayList<>();
        long[] last = {0};
        boolean[] missed = {false};
        read(key -> {
            switch (key) {
                case "events" -> {
                    while (json.nextToken() == JsonToken.START_OBJECT) {
                        events.add(event());
                    }
                }
                case "last" -> last[0] = json.getLongValue();
                case "missed" -> missed[0] = json.currentToken() == JsonToken.VALUE_TRUE;
                default -> {
                    return false;
                }
            }
            return true;
        });
        return new EventBatch(events, last[0], missed[0]);
    }

    /** Copies an event as sent, and extracts what is needed. */
    private EventLine event() {
        MessageBuffer copy = new MessageBuffer();
        long number = 0;
        String at = "";
        String kind = "";
        String text = "";
        try (JsonGenerator to = Json.generator(copy)) {
            to.writeStartObject();
            for (String key = json.nextName(); key != null; key = json.nextName()) {
                JsonToken value = json.nextToken();
                boolean isText = value == JsonToken.VALUE_STRING;
                switch (key) {
                    case "number" -> number = json.getLongValue();
                    case "at" -> at = isText ? json.getString() : at;
                    case "kind" -> kind = isText ? json.getString() : kind;
                    case "text" -> text = isText ? json.getString() : text;
                    default -> {
                        // Only clients that read the JSON need it.
                    }
                }
                to.writeName(key);
                to.copyCurrentStructure(json);
            }
            to.writeEndObject();
        }
        return new EventLine(number, at, kind, text, copy.text());
    }

    /** Whether another reply follows this one. */
    boolean continues() {
        return continues;
    }

    /** Checks only whether the reply is an error. */
    String nothing() throws CallFailed {
        read(_ -> false);
        return "";
    }

    @Override
    public void close() {
        json.close();
    }

    /** Reads the parameter that the parser is at, if it is the wanted one. */
    private interface Taker {
        boolean take(String key);
    }

    private void read(Taker taker) throws CallFailed {
        json.nextToken();
        for (String key = json.nextName(); key != null; key = json.nextName()) {
            JsonToken value = json.nextToken();
            if (key.equals("error") && value == JsonToken.VALUE_STRING) {
                error = json.getString();
            } else if (key.equals("parameters") && value == JsonToken.START_OBJECT) {
                parameters(taker);
            } else if (key.equals("continues")) {
                continues = value == JsonToken.VALUE_TRUE;
            } else {
                json.skipChildren();
            }
        }
        if (!error.isEmpty()) {
            throw failure();
        }
    }

    private void parameters(Taker taker) {
        for (String key = json.nextName(); key != null; key = json.nextName()) {
            JsonToken value = json.nextToken();
            if (taker.take(key)) {
                continue;
            }
            @Nullable String text = value == JsonToken.VALUE_STRING ? json.getString() : null;
            if (text == null) {
                json.skipChildren();
                continue;
            }
            switch (key) {
                case "name" -> name = text;
                case "reason" -> reason = text;
                default -> subject = text;
            }
        }
    }

    private CallFailed failure() {
        ErrorName which = ErrorName.named(error);
        return new CallFailed(which, name, words(which));
    }

    private String words(ErrorName which) {
        return switch (which) {
            case NO_SUCH_PROCESS -> "there is no process '" + name + "'";
            case INVALID_NAME,
                    NOT_PERMITTED,
                    CONFIGURATION_INVALID,
                    FAILED,
                    HAS_DEPENDENTS,
                    NO_OUTPUT,
                    BUSY,
                    TOO_LARGE ->
                    reason;
            case TIMED_OUT -> "not done in time: " + reason;
            case SHUTTING_DOWN -> "the monitor is shutting down";
            case INTERFACE_NOT_FOUND -> "the monitor has no interface '" + subject + "'";
            case METHOD_NOT_FOUND -> "the monitor has no method '" + subject + "'";
            case INVALID_PARAMETER -> "the monitor does not take this '" + subject + "'";
            case EXPECTED_MORE -> "the monitor has more than one reply to this";
            case UNKNOWN -> "the monitor answered with the error " + error;
        };
    }
}
