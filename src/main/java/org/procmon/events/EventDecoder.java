package org.procmon.events;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.Phase;
import org.procmon.lifecycle.Ticks;

/** Reads the bytes that {@link EventEncoder} writes. */
final class EventDecoder {
    private static final Phase[] PHASES = Phase.values();
    private static final Notice[] NOTICES = Notice.values();
    private static final MonitorEvent.Outcome[] OUTCOMES = MonitorEvent.Outcome.values();

    private final ByteBuffer in;

    private EventDecoder(ByteBuffer in) {
        this.in = in;
    }

    static NumberedEvent decode(long number, byte... bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        Ticks at = new Ticks(in.getLong());
        return new NumberedEvent(number, at, in.getLong(), new EventDecoder(in).what());
    }

    private MonitorEvent what() {
        byte kind = in.get();
        return switch (kind) {
            case EventEncoder.CHANGED ->
                    new MonitorEvent.Changed(
                            text(),
                            PHASES[in.get()],
                            PHASES[in.get()],
                            text(),
                            in.getInt(),
                            in.getLong(),
                            exit());
            case EventEncoder.COMMANDED ->
                    new MonitorEvent.Commanded(
                            text(), names(), new Actor(text(), web()), outcome(), text());
            case EventEncoder.SIGNALED ->
                    new MonitorEvent.Signaled(text(), text(), outcome(), text());
            case EventEncoder.NOTICED ->
                    new MonitorEvent.Noticed(text(), NOTICES[in.get()], text());
            case EventEncoder.OF_MONITOR -> new MonitorEvent.OfMonitor(text(), text(), text());
            case EventEncoder.OUTPUT_LOST ->
                    new MonitorEvent.OutputLost(text(), text(), in.getLong(), in.get() != 0);
            case EventEncoder.HOOK_FAILED -> new MonitorEvent.HookFailed(text(), text(), text());
            default -> throw new IllegalStateException("cannot read an event of kind " + kind);
        };
    }

    private MonitorEvent.Outcome outcome() {
        return OUTCOMES[in.get()];
    }

    private Optional<Actor.Web> web() {
        return in.get() == 0 ? Optional.empty() : Optional.of(new Actor.Web(text(), text()));
    }

    private List<String> names() {
        int count = in.get();
        List<String> names = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            names.add(text());
        }
        return names;
    }

    private Optional<ExitStatus> exit() {
        return switch (in.get()) {
            case EventEncoder.EXIT_CODE -> Optional.of(new ExitStatus.Exited(in.getInt()));
            case EventEncoder.EXIT_SIGNAL -> Optional.of(new ExitStatus.Signaled(in.getInt()));
            case EventEncoder.EXIT_UNKNOWN -> Optional.of(new ExitStatus.Unknown());
            default -> Optional.empty();
        };
    }

    private String text() {
        int length = in.getShort();
        byte[] text = new byte[length];
        in.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }
}
