package org.procmon.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.procmon.control.client.ControlException;
import org.procmon.control.client.MonitorApi;
import org.procmon.control.client.NoAnswer;
import org.procmon.control.protocol.EventBatch;
import org.procmon.control.protocol.EventLine;
import org.procmon.http.HeaderField;
import org.procmon.http.Response;
import org.procmon.http.ResponseHeader;

/**
 * A stream of events to one HTTP client. A thread of its own reads them from the monitor. The
 * handler's thread writes them, and a comment after a period without events, so that no proxy takes
 * the silence for the end.
 *
 * <p>Source: the HTML standard, section 9.2, "Server-sent events".
 */
final class EventStream {
    static final Duration HEARTBEAT = Duration.ofSeconds(15);

    /** The monitor sends no longer numbers. */
    private static final int MOST_DIGITS = 18;

    /** One batch is being sent, one waits, and one has been read; the monitor keeps the rest. */
    private static final int MOST_WAITING = 1;

    /** The approximate size of a batch, and of each event, without its text, in bytes. */
    private static final int OVERHEAD = 128;

    private static final ResponseHeader HEAD =
            new ResponseHeader(
                    200,
                    "OK",
                    List.of(
                            new HeaderField("Content-Type", "text/event-stream; charset=utf-8"),
                            new HeaderField("Cache-Control", "no-store"),
                            new HeaderField("X-Content-Type-Options", "nosniff"),
                            new HeaderField("X-Accel-Buffering", "no")));

    private sealed interface Piece {
        /**
         * @param bytes the bytes that it holds
         */
        record Batch(EventBatch events, long bytes) implements Piece {}

        /** No more follow. */
        record End(@Nullable ControlException reason) implements Piece {}
    }

    private final MonitorApi client;
    private final Duration limit;
    private final FairShare bytes;
    private final String address;
    private final Thread.UncaughtExceptionHandler bugs;
    private final BlockingQueue<Piece> pieces = new ArrayBlockingQueue<>(MOST_WAITING);

    /**
     * @param client a connection for this stream alone
     * @param limit how long the monitor's first answer may take
     * @param bytes for the events that wait to be sent
     * @param address the remote address that these bytes count for
     * @param bugs is notified of errors after which the program must exit
     */
    EventStream(
            MonitorApi client,
            Duration limit,
            FairShare bytes,
            String address,
            Thread.UncaughtExceptionHandler bugs) {
        this.client = client;
        this.limit = limit;
        this.bytes = bytes;
        this.address = address;
        this.bugs = bugs;
    }

    /** The number in the header {@code Last-Event-ID}; an invalid one is older than all events. */
    static OptionalLong since(@Nullable String header) {
        if (header == null || header.isEmpty()) {
            return OptionalLong.empty();
        }
        boolean digits = header.chars().allMatch(c -> c >= '0' && c <= '9');
        return OptionalLong.of(
                digits && header.length() <= MOST_DIGITS ? Long.parseLong(header) : 0);
    }

    /**
     * Sends until the client or the monitor closes. If it throws anything but {@link IOException},
     * nothing was sent.
     */
    void send(OptionalLong since, List<String> names, Response response)
            throws IOException, ControlException {
        Thread reader =
                Thread.ofVirtual()
                        .name("events")
                        .uncaughtExceptionHandler(bugs)
                        .start(() -> read(since, names));
        try {
            Piece first = pieces.poll(limit.toNanos(), TimeUnit.NANOSECONDS);
            if (first == null) {
                throw new NoAnswer(limit);
            }
            if (first instanceof Piece.End(ControlException reason) && reason != null) {
                throw reason;
            }
            response.whenGone(this::end);
            OutputStream out = response.start(HEAD);
            Piece piece = first;
            boolean goesOn = true;
            while (goesOn) {
                try {
                    goesOn = write(out, piece);
                    out.flush();
                } finally {
                    giveBack(piece);
                }
                piece = goesOn ? pieces.poll(HEARTBEAT.toNanos(), TimeUnit.NANOSECONDS) : null;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end();
            reader.interrupt();
            join(reader);
            giveBack(pieces.poll());
        }
    }

    /** The thread exits at once: its connection is closed, and any other wait is interrupted. */
    private static void join(Thread reader) {
        boolean interrupted = false;
        while (reader.isAlive()) {
            try {
                reader.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void giveBack(@Nullable Piece piece) {
        if (piece instanceof Piece.Batch batch) {
            bytes.give(address, batch.bytes());
        }
    }

    /** Ends the stream soon, from any thread. */
    void end() {
        client.close();
    }

    private void read(OptionalLong since, List<String> names) {
        Piece.End end = new Piece.End(null);
        try {
            client.watch(since, names, this::pass);
        } catch (ControlException e) {
            end = new Piece.End(e);
        }
        try {
            pieces.put(end);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Waits while the client is slow; the monitor limits how long. A batch that exceeds the byte
     * limit ends the stream: the client knows where to resume.
     */
    private boolean pass(EventBatch events) {
        long size = OVERHEAD;
        for (EventLine event : events.events()) {
            size += OVERHEAD + event.json().length() + event.text().length();
        }
        if (!bytes.take(address, size)) {
            return false;
        }
        try {
            pieces.put(new Piece.Batch(events, size));
            return true;
        } catch (InterruptedException e) {
            bytes.give(address, size);
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Whether more may follow. */
    private static boolean write(OutputStream out, @Nullable Piece piece) throws IOException {
        switch (piece) {
            case null -> write(out, ":\n\n");
            case Piece.Batch(EventBatch batch, _) -> {
                if (batch.missed()) {
                    write(out, "event: missed\ndata: {}\n\n");
                }
                for (EventLine event : batch.events()) {
                    write(
                            out,
                            "id: %d\nevent: %s\ndata: %s\n\n"
                                    .formatted(event.number(), event.kind(), event.json()));
                }
                if (batch.events().isEmpty()) {
                    // Not an event: the position to resume from, and the delay before a retry.
                    write(out, "id: " + batch.last() + "\nretry: 1000\n\n");
                }
            }
            case Piece.End _ -> {
                return false;
            }
        }
        return true;
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(UTF_8));
    }
}
