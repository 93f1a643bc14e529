package org.procmon.web;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.procmon.control.client.ControlException;
import org.procmon.control.client.MonitorApi;
import org.procmon.control.protocol.OnBehalf;
import org.procmon.http.HttpAnswer;
import org.procmon.http.RemoteAddress;
import org.procmon.http.Request;
import org.procmon.http.Response;

/**
 * The open streams of events. Their number is limited, since each takes a connection of the web
 * server and one of the monitor, for an unknown time. Thread-safe.
 */
final class EventStreams implements AutoCloseable {
    /**
     * Less than the monitor serves at a time, which leaves some for other programs. If several
     * programs like this one exceed that limit together, the monitor refuses the excess.
     */
    static final int MOST = 96;

    /** A single remote address gets three quarters. */
    private static final int SHARE_FACTOR = 3;

    private final MonitorApi.Connector connector;
    private final Duration limit;
    private final FairShare places = new FairShare(MOST, SHARE_FACTOR);
    private final FairShare bytes;
    private final Thread.UncaughtExceptionHandler bugs;
    private final Set<EventStream> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * @param connector makes a connection to the monitor, one for each stream
     * @param limit how long its first answer may take
     * @param bytes for the events that wait to be sent
     * @param bugs is notified of errors after which the program must exit
     */
    EventStreams(
            MonitorApi.Connector connector,
            Duration limit,
            FairShare bytes,
            Thread.UncaughtExceptionHandler bugs) {
        this.connector = connector;
        this.limit = limit;
        this.bytes = bytes;
        this.bugs = bugs;
    }

    /**
     * Sends events until the client or the monitor closes.
     *
     * @return the answer to send instead; empty if the stream was started
     */
    Optional<HttpAnswer> send(
            Query.Watch watch, OnBehalf sender, Request request, Response response)
            throws IOException {
        String address = RemoteAddress.key(sender.address());
        if (!places.take(address, 1)) {
            return Optional.of(HttpAnswer.away("too many event streams are open"));
        }
        try (MonitorApi client = connector.connect()) {
            client.actFor(Optional.of(sender));
            EventStream stream = new EventStream(client, limit, bytes, address, bugs);
            open.add(stream);
            try {
                if (closed) {
                    return Optional.of(HttpAnswer.away("fcgi_proc is about to exit"));
                }
                OptionalLong since =
                        EventStream.since(request.variables().get("HTTP_LAST_EVENT_ID"));
                List<String> names = watch.name().map(List::of).orElse(List.of());
                stream.send(since, names, response);
                return Optional.empty();
            } finally {
                open.remove(stream);
            }
        } catch (ControlException e) {
            return Optional.of(MonitorErrors.answer(e));
        } finally {
            places.give(address, 1);
        }
    }

    /** Ends all streams, and starts no more. */
    @Override
    public void close() {
        closed = true;
        open.forEach(EventStream::end);
    }
}
