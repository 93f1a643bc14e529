package org.procmon.control;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.procmon.control.protocol.OutputSlice;
import org.procmon.control.protocol.StandardStream;
import org.procmon.control.server.replies.OutputSource;

/**
 * Output that a test writes. A position is {@code at:} and a number of bytes. What {@code null} is
 * asked for is not kept.
 */
public final class FakeOutput implements OutputSource {
    private final Map<String, byte[]> streams = new HashMap<>();
    private final Map<String, Loss> losses = new HashMap<>();
    private int kept;
    private int waiting;
    private int reopened;

    public synchronized void write(String name, String text) {
        write(name, StandardStream.STDOUT, text.getBytes(StandardCharsets.UTF_8));
    }

    public synchronized void write(String name, StandardStream stream, byte... bytes) {
        byte[] before = bytes(name, stream);
        byte[] all = Arrays.copyOf(before, before.length + bytes.length);
        System.arraycopy(bytes, 0, all, before.length, bytes.length);
        streams.put(name + stream, all);
        notifyAll();
    }

    /** Forgets what lies before this many bytes. */
    public synchronized void forget(int before) {
        kept = before;
    }

    public synchronized void lose(String name, Loss loss) {
        losses.put(name, loss);
    }

    public synchronized int waiting() {
        return waiting;
    }

    public synchronized int reopened() {
        return reopened;
    }

    @Override
    public synchronized Reading last(String name, StandardStream stream, int lines, int maxBytes) {
        if (name.equals("null")) {
            return new Reading.NotKept("its " + stream.wireName() + " goes to /dev/null");
        }
        byte[] all = bytes(name, stream);
        int from = all.length;
        int found = 0;
        while (lines > 0 && from > Math.max(kept, all.length - maxBytes)) {
            boolean ends = all[from - 1] == '\n' && from < all.length;
            if (ends && ++found == lines) {
                break;
            }
            from--;
        }
        return piece(all, from, all.length, false);
    }

    @Override
    public synchronized Reading after(
            String name, StandardStream stream, String position, int maxBytes) {
        if (!position.startsWith("at:")) {
            return new Reading.NoPosition();
        }
        byte[] all = bytes(name, stream);
        int asked = offset(position);
        int from = Math.max(asked, kept);
        return piece(all, from, Math.min(all.length, from + maxBytes), asked < kept);
    }

    @Override
    public synchronized boolean await(
            String name, StandardStream stream, String position, Duration atMost)
            throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        waiting++;
        try {
            long left = atMost.toNanos();
            while (bytes(name, stream).length <= offset(position) && left > 0) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
                left = end - System.nanoTime();
            }
            return left > 0;
        } finally {
            waiting--;
        }
    }

    @Override
    public synchronized Optional<Loss> loss(String name) {
        return Optional.ofNullable(losses.get(name));
    }

    @Override
    public boolean isShared(String name) {
        return false;
    }

    @Override
    public synchronized boolean reopen(Duration limit) {
        reopened++;
        return true;
    }

    private byte[] bytes(String name, StandardStream stream) {
        return streams.getOrDefault(name + stream, new byte[0]);
    }

    private static int offset(String position) {
        return Integer.parseInt(position.substring("at:".length()));
    }

    private static Reading piece(byte[] all, int from, int to, boolean skipped) {
        return new Reading.Piece(
                new OutputSlice(Arrays.copyOfRange(all, from, to), "at:" + to, skipped));
    }
}
