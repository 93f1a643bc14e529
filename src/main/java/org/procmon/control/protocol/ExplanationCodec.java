package org.procmon.control.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.procmon.control.protocol.Explanation.Link;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Explanations as JSON, both ways. Unknown keys are skipped, as in rows. */
public final class ExplanationCodec {
    private ExplanationCodec() {}

    /** Writes the object of an explanation. */
    public static void write(JsonGenerator json, Explanation explanation) {
        json.writeStartObject();
        json.writeName("process");
        RowCodec.write(json, explanation.process());
        json.writeArrayPropertyStart("chain");
        for (Link link : explanation.chain()) {
            json.writeStartObject();
            Json.property(json, "name", link.name());
            json.writeStringProperty("state", link.state());
            Json.property(json, "cause", link.cause());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayPropertyStart("last_words");
        for (String line : explanation.lastWords()) {
            Json.string(json, line);
        }
        json.writeEndArray();
        Json.property(json, "outlook", explanation.outlook());
        json.writeEndObject();
    }

    /**
     * Reads the object whose {@code START_OBJECT} the parser is at; empty if it has no process. A
     * key of the wrong type causes an exception of Jackson's.
     */
    public static Optional<Explanation> read(JsonParser json) {
        Optional<ProcessRow> process = Optional.empty();
        List<Link> chain = new ArrayList<>();
        List<String> lastWords = new ArrayList<>();
        String outlook = "";
        for (String key = json.nextName(); key != null; key = json.nextName()) {
            JsonToken value = json.nextToken();
            switch (key) {
                case "process" -> process = Optional.of(RowCodec.read(json));
                case "chain" -> {
                    while (json.nextToken() == JsonToken.START_OBJECT) {
                        chain.add(link(json));
                    }
                }
                case "last_words" -> {
                    while (json.nextToken() == JsonToken.VALUE_STRING) {
                        lastWords.add(json.getString());
                    }
                }
                case "outlook" ->
                        outlook = value == JsonToken.VALUE_STRING ? json.getString() : outlook;
                default -> json.skipChildren();
            }
        }
        String then = outlook;
        return process.map(row -> new Explanation(row, chain, lastWords, then));
    }

    private static Link link(JsonParser json) {
        String name = "";
        String state = "";
        String cause = "";
        for (String key = json.nextName(); key != null; key = json.nextName()) {
            json.nextToken();
            switch (key) {
                case "name" -> name = json.getString();
                case "state" -> state = json.getString();
                case "cause" -> cause = json.getString();
                default -> json.skipChildren();
            }
        }
        return new Link(name, state, cause);
    }
}
