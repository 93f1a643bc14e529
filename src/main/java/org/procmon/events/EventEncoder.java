package org.procmon.events;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.Ticks;

/**
 * Encodes events as bytes, at most a few KiB each: longer texts are cut and end in three dots. For
 * one thread at a time.
 */
final class EventEncoder {
    /** The size of the largest event, in bytes. */
    static final int LARGEST = 6 << 10;

    static final byte CHANGED = 1;
    static final byte COMMANDED = 2;
    static final byte SIGNALED = 3;
    static final byte NOTICED = 4;
    static final byte OF_MONITOR = 5;
    static final byte OUTPUT_LOST = 6;
    static final byte HOOK_FAILED = 7;

    static final byte NO_EXIT = 0;
    static final byte EXIT_CODE = 1;
    static final byte EXIT_SIGNAL = 2;
    static final byte EXIT_UNKNOWN = 3;

    /** The limits of texts, in bytes of UTF-8. */
    private static final int LONGEST_NAME = 384;

    private static final int LONGEST_NAMES = 800;
    private static final int LONGEST_REASON = 1600;

    private static final String CUT = "...";
    private static final int REPLACEMENT = 0xFFFD;

    private final ByteBuffer out = ByteBuffer.allocate(LARGEST);

    /** Encodes an event and returns its size; its bytes are valid until the next call. */
    @SuppressWarnings("EnumOrdinal") // read by this process only
    int encode(Ticks at, long wallMs, MonitorEvent what) {
        out.clear();
        out.putLong(at.nanos()).putLong(wallMs);
        switch (what) {
            case MonitorEvent.Changed changed -> {
                out.put(CHANGED);
                name(changed.name());
                out.put((byte) changed.from().ordinal()).put((byte) changed.to().ordinal());
                reason(changed.cause());
                out.putInt(changed.pid()).putLong(changed.run());
                exit(changed.exit());
            }
            case MonitorEvent.Commanded command -> {
                out.put(COMMANDED);
                name(command.method());
                names(command.names());
                name(command.caller().user());
                Optional<Actor.Web> web = command.caller().web();
                out.put((byte) (web.isPresent() ? 1 : 0));
                web.ifPresent(sender -> {
                    name(sender.user());
                    name(sender.address());
                });
                out.put((byte) command.outcome().ordinal());
                reason(command.reason());
            }
            case MonitorEvent.Signaled signaled -> {
                out.put(SIGNALED);
                name(signaled.method());
                name(signaled.signal());
                out.put((byte) signaled.outcome().ordinal());
                reason(signaled.reason());
            }
            case MonitorEvent.Noticed noticed -> {
                out.put(NOTICED);
                name(noticed.name());
                out.put((byte) noticed.what().ordinal());
                reason(noticed.cause());
            }
            case MonitorEvent.OfMonitor monitor -> {
                out.put(OF_MONITOR);
                name(monitor.name());
                name(monitor.what());
                reason(monitor.cause());
            }
            case MonitorEvent.OutputLost lost -> {
                out.put(OUTPUT_LOST);
                name(lost.name());
                reason(lost.reason());
                out.putLong(lost.bytes()).put((byte) (lost.failing() ? 1 : 0));
            }
            case MonitorEvent.HookFailed failed -> {
                out.put(HOOK_FAILED);
                name(failed.name());
                name(failed.hook());
                reason(failed.reason());
            }
        }
        return out.position();
    }

    byte[] bytes() {
        return out.array();
    }

    private void name(String name) {
        text(name, LONGEST_NAME);
    }

    private void reason(String reason) {
        text(reason, LONGEST_REASON);
    }

    /** As many names as fit; a caller with more says so in the last one. */
    private void names(List<String> names) {
        int countAt = out.position();
        out.put((byte) 0);
        int end = out.position() + LONGEST_NAMES;
        int count = 0;
        for (String name : names) {
            int left = end - out.position();
            if (left <= CUT.length() || count == Byte.MAX_VALUE) {
                break;
            }
            text(name, Math.min(LONGEST_NAME, left));
            count++;
        }
        out.put(countAt, (byte) count);
    }

    /**
     * In UTF-8; an unpaired surrogate, which UTF-8 cannot represent, becomes the replacement
     * character.
     */
    private void text(String text, int most) {
        int lengthAt = out.position();
        out.putShort((short) 0);
        int begin = out.position();
        int at = 0;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            at += Character.charCount(c);
            int size = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
            if (out.position() - begin + size > most) {
                out.put(CUT.getBytes(StandardCharsets.US_ASCII));
                break;
            }
            put(
                    c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? REPLACEMENT : c,
                    size);
        }
        out.putShort(lengthAt, (short) (out.position() - begin));
    }

    private void put(int c, int size) {
        switch (size) {
            case 1 -> out.put((byte) c);
            case 2 -> out.put((byte) (0xc0 | c >> 6)).put(next(c));
            case 3 -> out.put((byte) (0xe0 | c >> 12)).put(next(c >> 6)).put(next(c));
            default ->
                    out.put((byte) (0xf0 | c >> 18))
                            .put(next(c >> 12))
                            .put(next(c >> 6))
                            .put(next(c));
        }
    }

    private static byte next(int bits) {
        return (byte) (0x80 | (bits & 0x3f));
    }

    private void exit(Optional<ExitStatus> exit) {
        if (exit.isEmpty()) {
            out.put(NO_EXIT);
            return;
        }
        switch (exit.get()) {
            case ExitStatus.Exited exited -> out.put(EXIT_CODE).putInt(exited.code());
            case ExitStatus.Signaled signaled -> out.put(EXIT_SIGNAL).putInt(signaled.signal());
            case ExitStatus.Unknown _ -> out.put(EXIT_UNKNOWN);
        }
    }
}
