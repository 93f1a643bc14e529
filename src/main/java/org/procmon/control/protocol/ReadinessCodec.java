package org.procmon.control.protocol;

import java.util.Optional;
import java.util.OptionalInt;
import org.procmon.control.protocol.ProcessRow.Signs;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;

/** The keys of a row for readiness and health, both ways. */
final class ReadinessCodec {
    private ReadinessCodec() {}

    static void write(JsonGenerator json, Signs signs) {
        if (signs.ready().isPresent()) {
            json.writeBooleanProperty("ready", signs.ready().get());
        }
        write(json, "health", signs.health());
        write(json, "complaint", signs.complaint());
        write(json, "status", signs.status());
        if (signs.mainPid().isPresent()) {
            json.writeNumberProperty("main_pid", signs.mainPid().getAsInt());
        }
        write(json, "ignored", signs.ignored());
    }

    private static void write(JsonGenerator json, String key, Optional<String> words) {
        if (words.isPresent()) {
            Json.property(json, key, words.get());
        }
    }

    /** The signs with one more key; the parser is at the key's value. */
    static Signs with(Signs s, String key, JsonParser json) {
        return switch (key) {
            case "ready" ->
                    new Signs(
                            Optional.of(json.getBooleanValue()),
                            s.health(),
                            s.complaint(),
                            s.status(),
                            s.mainPid(),
                            s.ignored());
            case "main_pid" ->
                    new Signs(
                            s.ready(),
                            s.health(),
                            s.complaint(),
                            s.status(),
                            OptionalInt.of(json.getIntValue()),
                            s.ignored());
            default -> withWords(s, key, Optional.of(json.getString()));
        };
    }

    private static Signs withWords(Signs s, String key, Optional<String> words) {
        return new Signs(
                s.ready(),
                key.equals("health") ? words : s.health(),
                key.equals("complaint") ? words : s.complaint(),
                key.equals("status") ? words : s.status(),
                s.mainPid(),
                key.equals("ignored") ? words : s.ignored());
    }
}
