package org.procmon.control.server.calls;

import java.time.InstantSource;
import org.procmon.control.protocol.Json;
import org.procmon.control.protocol.MessageBuffer;
import org.procmon.control.server.replies.EventWriter;
import org.procmon.control.server.replies.OutputSource;
import org.procmon.control.server.replies.RowMapper;
import org.procmon.events.MonitorEvent;
import org.procmon.lifecycle.Ticks;
import org.procmon.status.ProcessView;
import org.procmon.status.fields.Explanation;
import org.procmon.supervise.port.HookSource;
import org.procmon.supervise.port.Supervisor;
import tools.jackson.core.JsonGenerator;

/** Describes for a program how a process failed, and why. Any thread that may read files. */
public final class FailureStory {
    private final Supervisor supervisor;
    private final OutputSource output;

    public FailureStory(Supervisor supervisor, OutputSource output) {
        this.supervisor = supervisor;
        this.output = output;
    }

    /**
     * An object of {@code times}, {@code event} and {@code explanation}, on a line.
     *
     * @param event the event
     * @param view the process right after it
     * @param times how often it has happened since the last report
     */
    public String of(MonitorEvent.Changed event, ProcessView view, int times) {
        Ticks now = supervisor.now();
        RowMapper rowMapper =
                new RowMapper(now, InstantSource.system().millis(), output, HookSource.NONE);
        Explainer explainer = new Explainer(supervisor.snapshot(), rowMapper, now, output);
        MessageBuffer buffer = new MessageBuffer();
        try (JsonGenerator json = Json.generator(buffer)) {
            json.writeStartObject();
            json.writeNumberProperty("times", times);
            json.writeObjectPropertyStart("event");
            EventWriter.writeKeys(json, event);
            Json.property(json, "text", event.text());
            json.writeEndObject();
            json.writeName("explanation");
            Explanation.TABLE.write(json, explainer.of(view));
            json.writeEndObject();
        }
        return buffer.text() + "\n";
    }
}
