package org.procmon.web;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.procmon.control.client.ControlClient;
import org.procmon.control.client.ControlException;
import org.procmon.control.protocol.OnBehalf;
import org.procmon.fastcgi.Request;
import org.procmon.fastcgi.Response;

/**
 * The streams of events that are being sent. Their number is limited, since each takes a connection
 * of the web server and one of the monitor, and nobody knows for how long. Thread-safe.
 */
final class EventStreams implements AutoCloseable {
    /**
     * Less than the monitor serves at a time, so that some are left for other programs. Of several
     * programs like this it refuses those that are too many together.
     */
    static final int MOST = 96;

    /** One remote address gets three quarters, if it is alone. */
    private static final int GREED = 3;

    private final Supplier<Path> socket;
    private final Duration limit;
    private final FairShare places = new FairShare(MOST, GREED);
    private final FairShare bytes;
    private final Thread.UncaughtExceptionHandler bugs;
    private final Set<EventStream> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * @param socket where the monitor is
     * @param limit how long its first answer may take
     * @param bytes for the events that wait to be sent
     * @param bugs hears of errors that the program must not outlive
     */
    EventStreams(
            Supplier<Path> socket,
            Duration limit,
            FairShare bytes,
            Thread.UncaughtExceptionHandler bugs) {
        this.socket = socket;
        this.limit = limit;
        this.bytes = bytes;
        this.bugs = bugs;
    }

    /**
     * Sends what happens until the client or the monitor goes.
     *
     * @return what to answer instead; empty if the stream was begun
     */
    Optional<HttpAnswer> send(Query.Watch watch, OnBehalf whom, Request request, Response response)
            throws IOException {
        String address = RemoteAddress.key(whom.address());
        if (!places.take(address, 1)) {
            return Optional.of(HttpAnswer.away("there are too many streams of events already"));
        }
        try (ControlClient client = ControlClient.connect(socket.get())) {
            client.actFor(Optional.of(whom));
            EventStream stream = new EventStream(client, limit, bytes, address, bugs);
            open.add(stream);
            try {
                if (closed) {
                    return Optional.of(HttpAnswer.away("fcgi_proc is about to end"));
                }
                OptionalLong since = EventStream.since(request.params().get("HTTP_LAST_EVENT_ID"));
                List<String> names = watch.name().map(List::of).orElse(List.of());
                stream.send(since, names, request, response);
                return Optional.empty();
            } finally {
                open.remove(stream);
            }
        } catch (MonitorConnections.Overdue | ControlException e) {
            return Optional.of(ProcsHandler.failed(e));
        } finally {
            places.give(address, 1);
        }
    }

    /** Ends them all, and begins no more. */
    @Override
    public void close() {
        closed = true;
        open.forEach(EventStream::end);
    }
}
