package org.procmon.control.server.replies;

import java.util.List;
import org.procmon.control.protocol.ErrorName;
import org.procmon.control.protocol.Json;
import org.procmon.control.protocol.MessageBuffer;
import org.procmon.control.protocol.OutputSlice;
import org.procmon.control.protocol.ReloadPlan;
import org.procmon.control.protocol.TimeLimits;
import org.procmon.status.fields.Explanation;
import org.procmon.status.fields.FieldTable;
import org.procmon.status.fields.PoolFields;
import org.procmon.status.fields.PoolRow;
import org.procmon.status.fields.ProcessFields;
import org.procmon.status.fields.ProcessRow;
import tools.jackson.core.JsonGenerator;

/** The reply to a call. Source: the Varlink protocol, "Method Reply". */
public sealed interface CallReply {
    /** Writes the message, without its NUL. */
    void write(MessageBuffer buffer);

    /** The position of the next reply to the same call; empty if none follows. */
    default String continuesFrom() {
        return "";
    }

    /** {@code processes}; the rows are created while they are written. */
    record ProcessList(Iterable<ProcessRow> rows) implements CallReply {
        @Override
        public void write(MessageBuffer buffer) {
            try (JsonGenerator json = Json.generator(buffer)) {
                json.writeStartObject();
                json.writeObjectPropertyStart("parameters");
                json.writeArrayPropertyStart("processes");
                for (ProcessRow row : rows) {
                    ProcessFields.TABLE.write(json, row);
                }
                json.writeEndArray();
                json.writeEndObject();
                json.writeEndObject();
            }
        }
    }

    /** {@code process}. */
    record SingleProcess(ProcessRow row) implements CallReply {
        @Override
        public void write(MessageBuffer buffer) {
            try (JsonGenerator json = Json.generator(buffer)) {
                json.writeStartObject();
                json.writeObjectPropertyStart("parameters");
                json.writeName("process");
                ProcessFields.TABLE.write(json, row);
                json.writeEndObject();
                json.writeEndObject();
            }
        }
    }

    /** {@code pools}; the rows are created while they are written. */
    record PoolList(Iterable<PoolRow> rows) implements CallReply {
        @Override
        public void write(MessageBuffer buffer) {
            try (JsonGenerator json = Json.generator(buffer)) {
                json.writeStartObject();
                json.writeObjectPropertyStart("parameters");
                json.writeArrayPropertyStart("pools");
                for (PoolRow row : rows) {
                    PoolFields.TABLE.write(json, row);
                }
                json.writeEndArray();
                json.writeEndObject();
                json.writeEndObject();
            }
        }
    }

    /**
     * {@code pool}: one pool, or its explanation.
     *
     * @param table its keys
     */
    record SinglePool<T>(FieldTable<T> table, T value) implements CallReply {
        @Override
        public void write(MessageBuffer buffer) {
            try (JsonGenerator json = Json.generator(buffer)) {
                json.writeStartObject();
                json.writeObjectPropertyStart("parameters");
                json.writeName("pool");
                table.write(json, value);
                json.writeEndObject();
                json.writeEndObject();
            }
        }
    }

    /** {@code explanation}. */
    record ExplanationReply(Explanation explanation) implements CallReply {
        @Override
        public void write(MessageBuffer buffer) {
            try (JsonGenerator json = Json.generator(buffer)) {
                json.writeStartObject();
                json.writeObjectPropertyStart("parameters");
                json.writeName("explanation");
                Explanation.TABLE.write(json, explanation);
                json.writeEndObject();
                json.writeEndObject();
            }
        }
    }

    /** {@code plan}. */
    record Planned(ReloadPlan plan) implements CallReply {
        @Override
        public void write(MessageBuffer buffer) {
            try (JsonGenerator json = Json.generator(buffer)) {
                json.writeStartObject();
                json.writeObjectPropertyStart("parameters");
                json.writeName("plan");
                ReloadPlan.TABLE.write(json, plan);
                json.writeEndObject();
                json.writeEndObject();
            }
        }
    }

    /** {@code problems}. */
    record Problems(List<String> problems) implements CallReply {
        @Override
        public void write(MessageBuffer buffer) {
            try (JsonGenerator json = Json.generator(buffer)) {
                json.writeStartObject();
                json.writeObjectPropertyStart("parameters");
                json.writeArrayPropertyStart("problems");
                for (String problem : problems) {
                    Json.string(json, problem);
                }
                json.writeEndArray();
                json.writeEndObject();
                json.writeEndObject();
            }
        }
    }

    /**
     * A piece of output.
     *
     * @param continues whether another reply to the same call follows
     */
    record Output(OutputSlice piece, boolean continues) implements CallReply {
        /** The same, as the last reply. */
        public Output asLast() {
            return new Output(piece, false);
        }

        /** Whether it contains anything new for its reader. */
        public boolean tellsSomething() {
            return piece.bytes().length > 0 || piece.skipped();
        }

        @Override
        public String continuesFrom() {
            return continues ? piece.position() : "";
        }

        @Override
        public void write(MessageBuffer buffer) {
            try (JsonGenerator json = Json.generator(buffer)) {
                json.writeStartObject();
                json.writeObjectPropertyStart("parameters");
                json.writeBinaryProperty("data", piece.bytes());
                Json.property(json, "position", piece.position());
                json.writeBooleanProperty("skipped", piece.skipped());
                piece.losing().ifPresent(reason -> Json.property(json, "losing", reason));
                json.writeEndObject();
                if (continues) {
                    json.writeBooleanProperty("continues", true);
                }
                json.writeEndObject();
            }
        }
    }

    /**
     * An encoded reply, which can be sent to several clients.
     *
     * @param message the reply, with its NUL
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared; a copy would only cost
    record Encoded(byte[] message, String continuesFrom) implements CallReply {
        @Override
        public void write(MessageBuffer buffer) {
            buffer.write(message, 0, message.length - 1);
        }
    }

    /**
     * A reply with an action after it.
     *
     * @param then runs once the reply is sent, or cannot be
     */
    record ThenRun(CallReply answer, Runnable then) implements CallReply {
        @Override
        public void write(MessageBuffer buffer) {
            answer.write(buffer);
        }
    }

    /**
     * Texts, or an error with its parameters.
     *
     * @param error its full name; empty when it is no error
     * @param parameters keys and values in turn
     */
    record TextReply(String error, List<String> parameters) implements CallReply {
        public static TextReply none() {
            return new TextReply("", List.of());
        }

        public static TextReply error(ErrorName error, String... parameters) {
            return new TextReply(error.wireName(), List.of(parameters));
        }

        @Override
        public void write(MessageBuffer buffer) {
            try (JsonGenerator json = Json.generator(buffer)) {
                json.writeStartObject();
                if (!error.isEmpty()) {
                    json.writeStringProperty("error", error);
                }
                json.writeObjectPropertyStart("parameters");
                for (int i = 0; i < parameters.size(); i += 2) {
                    Json.property(json, parameters.get(i), parameters.get(i + 1));
                }
                json.writeEndObject();
                json.writeEndObject();
            }
        }
    }

    /** The reply to {@code GetInfo}. */
    record About(List<String> texts, List<String> interfaces) implements CallReply {
        @Override
        public void write(MessageBuffer buffer) {
            try (JsonGenerator json = Json.generator(buffer)) {
                json.writeStartObject();
                json.writeObjectPropertyStart("parameters");
                for (int i = 0; i < texts.size(); i += 2) {
                    json.writeStringProperty(texts.get(i), texts.get(i + 1));
                }
                json.writeArrayPropertyStart("interfaces");
                for (String name : interfaces) {
                    json.writeString(name);
                }
                json.writeEndArray();
                json.writeEndObject();
                json.writeEndObject();
            }
        }
    }

    /** {@code stop_ms}, {@code start_ms} and {@code rolling_ms}. */
    record Limited(TimeLimits limits) implements CallReply {
        @Override
        public void write(MessageBuffer buffer) {
            try (JsonGenerator json = Json.generator(buffer)) {
                json.writeStartObject();
                json.writeObjectPropertyStart("parameters");
                json.writeNumberProperty("stop_ms", limits.stopMs());
                json.writeNumberProperty("start_ms", limits.startMs());
                json.writeNumberProperty("rolling_ms", limits.rollingMs());
                json.writeEndObject();
                json.writeEndObject();
            }
        }
    }
}
