package org.procmon.control.protocol;

import java.util.ArrayList;
import java.util.List;
import org.procmon.control.protocol.ReloadPlan.Change;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Plans as JSON, both ways. Unknown keys are skipped, as in rows. */
public final class ReloadPlanCodec {
    private ReloadPlanCodec() {}

    /** Writes the object of a plan. */
    public static void write(JsonGenerator json, ReloadPlan plan) {
        json.writeStartObject();
        json.writeArrayPropertyStart("changes");
        for (Change change : plan.changes()) {
            json.writeStartObject();
            Json.property(json, "name", change.name());
            json.writeStringProperty("action", change.action());
            write(json, "keys", change.keys());
            writeSome(json, "besides", change.besides());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeNumberProperty("unchanged", plan.unchanged());
        writeSome(json, "at_once", plan.atOnce());
        write(json, "later", plan.later());
        json.writeEndObject();
    }

    private static void writeSome(JsonGenerator json, String key, List<String> texts) {
        if (!texts.isEmpty()) {
            write(json, key, texts);
        }
    }

    private static void write(JsonGenerator json, String key, List<String> texts) {
        json.writeArrayPropertyStart(key);
        for (String text : texts) {
            Json.string(json, text);
        }
        json.writeEndArray();
    }

    /**
     * Reads the object whose {@code START_OBJECT} the parser is at. A key of the wrong type causes
     * an exception of Jackson's.
     */
    public static ReloadPlan read(JsonParser json) {
        List<Change> changes = new ArrayList<>();
        int unchanged = 0;
        List<String> atOnce = List.of();
        List<String> later = List.of();
        for (String key = json.nextName(); key != null; key = json.nextName()) {
            json.nextToken();
            switch (key) {
                case "changes" -> {
                    while (json.nextToken() == JsonToken.START_OBJECT) {
                        changes.add(change(json));
                    }
                }
                case "unchanged" -> unchanged = json.getIntValue();
                case "at_once" -> atOnce = texts(json);
                case "later" -> later = texts(json);
                default -> json.skipChildren();
            }
        }
        return new ReloadPlan(changes, unchanged, atOnce, later);
    }

    private static Change change(JsonParser json) {
        String name = "";
        String action = "";
        List<String> keys = List.of();
        List<String> besides = List.of();
        for (String key = json.nextName(); key != null; key = json.nextName()) {
            json.nextToken();
            switch (key) {
                case "name" -> name = json.getString();
                case "action" -> action = json.getString();
                case "keys" -> keys = texts(json);
                case "besides" -> besides = texts(json);
                default -> json.skipChildren();
            }
        }
        return new Change(name, action, keys, besides);
    }

    private static List<String> texts(JsonParser json) {
        List<String> texts = new ArrayList<>();
        while (json.nextToken() == JsonToken.VALUE_STRING) {
            texts.add(json.getString());
        }
        return texts;
    }
}
