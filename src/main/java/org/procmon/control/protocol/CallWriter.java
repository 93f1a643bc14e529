package org.procmon.control.protocol;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.procmon.control.protocol.Method.Parameter;
import tools.jackson.core.JsonGenerator;

/** Writes calls, with the values that differ from the defaults. */
record CallWriter(JsonGenerator json) {
    void write(Call call) {
        json.writeStartObject();
        Json.property(json, "method", call.method());
        json.writeObjectPropertyStart("parameters");
        if (takesOneName(call)) {
            Json.property(json, Parameter.NAME.wireName(), call.names().getFirst());
        } else if (!call.names().isEmpty()) {
            texts(Parameter.NAMES, call.names());
        }
        if (!call.waits()) {
            json.writeBooleanProperty(Parameter.WAIT.wireName(), false);
        }
        number(Parameter.TIMEOUT_MS, call.timeoutMs());
        text(Parameter.SIGNAL, call.signal());
        text(Parameter.INTERFACE, call.interfaceName());
        output(call.output());
        number(Parameter.SINCE, call.since());
        if (call.onBehalf().isPresent()) {
            onBehalf(call.onBehalf().get());
        }
        flag(Parameter.ROLLING, call.rolling());
        flag(Parameter.USAGE, call.usage());
        flag(Parameter.FORCE, call.force());
        flag(Parameter.DRY_RUN, call.dryRun());
        if (call.method().equals(Method.SCALE.wireName())) {
            number(Parameter.INSTANCES, OptionalLong.of(call.instances()));
        }
        json.writeEndObject();
        if (call.oneway()) {
            json.writeBooleanProperty("oneway", true);
        }
        if (call.more()) {
            json.writeBooleanProperty("more", true);
        }
        json.writeEndObject();
    }

    private static boolean takesOneName(Call call) {
        return call.method().equals(Method.STATUS.wireName())
                || call.method().equals(Method.EXPLAIN.wireName())
                || call.method().equals(Method.SCALE.wireName())
                || call.method().equals(Method.READ_OUTPUT.wireName());
    }

    private void output(OutputQuery output) {
        if (output.stream() != StandardStream.STDOUT) {
            text(Parameter.STREAM, output.stream().wireName());
        }
        OptionalInt lines = output.lines();
        number(
                Parameter.LINES,
                lines.isPresent() ? OptionalLong.of(lines.getAsInt()) : OptionalLong.empty());
        text(Parameter.POSITION, output.position());
        flag(Parameter.FOLLOW, output.follow());
    }

    private void onBehalf(OnBehalf sender) {
        json.writeObjectPropertyStart(Parameter.ON_BEHALF.wireName());
        Json.property(json, "user", sender.user());
        Json.property(json, "address", sender.address());
        json.writeEndObject();
    }

    private void text(Parameter parameter, String value) {
        if (!value.isEmpty()) {
            Json.property(json, parameter.wireName(), value);
        }
    }

    private void texts(Parameter parameter, List<String> values) {
        json.writeArrayPropertyStart(parameter.wireName());
        for (String value : values) {
            Json.string(json, value);
        }
        json.writeEndArray();
    }

    private void number(Parameter parameter, OptionalLong value) {
        if (value.isPresent()) {
            json.writeNumberProperty(parameter.wireName(), value.getAsLong());
        }
    }

    private void flag(Parameter parameter, boolean value) {
        if (value) {
            json.writeBooleanProperty(parameter.wireName(), true);
        }
    }
}
