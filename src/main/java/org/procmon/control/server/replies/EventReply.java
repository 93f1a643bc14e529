package org.procmon.control.server.replies;

import org.procmon.control.protocol.Json;
import org.procmon.control.protocol.MessageBuffer;
import org.procmon.events.EventLog;
import org.procmon.events.NumberedEvent;
import tools.jackson.core.JsonGenerator;

/**
 * A reply to {@code Watch}, as bytes.
 *
 * @param answer the reply
 * @param last the number after which the next reply starts
 * @param tellsSomething whether it contains anything new for its reader
 */
public record EventReply(CallReply.Encoded answer, long last, boolean tellsSomething) {
    /**
     * Encodes events until the reply is long enough.
     *
     * @param part the events
     * @param filter selects their processes
     * @param longest the size limit of the reply, in bytes; it has at least one event
     * @param continues whether another reply to the same call follows
     */
    public static EventReply of(
            EventLog.Part part, NameFilter filter, int longest, boolean continues) {
        MessageBuffer buffer = new MessageBuffer();
        long last = part.last();
        boolean any = part.missed();
        try (JsonGenerator json = Json.generator(buffer)) {
            json.writeStartObject();
            json.writeObjectPropertyStart("parameters");
            json.writeArrayPropertyStart("events");
            for (NumberedEvent numberedEvent : part.events()) {
                if (filter.meansAny(numberedEvent.what().names())) {
                    EventWriter.write(json, numberedEvent);
                    any = true;
                    json.flush();
                }
                if (buffer.size() >= longest) {
                    last = numberedEvent.number();
                    break;
                }
            }
            json.writeEndArray();
            json.writeNumberProperty("last", last);
            json.writeBooleanProperty("missed", part.missed());
            json.writeEndObject();
            if (continues) {
                json.writeBooleanProperty("continues", true);
            }
            json.writeEndObject();
        }
        buffer.write(0);
        String from = continues ? Long.toString(last) : "";
        return new EventReply(new CallReply.Encoded(buffer.bytes(), from), last, any);
    }
}
