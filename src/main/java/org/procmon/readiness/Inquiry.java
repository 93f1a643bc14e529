package org.procmon.readiness;

import java.time.Duration;
import java.util.Optional;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Endpoint;
import org.procmon.posix.Errno;
import org.procmon.posix.Transfer;

/**
 * Asks one run over sockets, again and again. It has one socket at most, and one alarm: for the
 * next question, or for the end of the time that an answer may take. The prober's thread only;
 * nothing here blocks.
 */
final class Inquiry {
    /** Until somebody who had no room for a connection is tried again. */
    private static final Duration WHILE = Duration.ofMillis(20);

    private sealed interface Phase {
        record Resting() implements Phase {}

        record LookingUp() implements Phase {}

        record Trying() implements Phase {}

        record Connecting(Endpoint endpoint, Descriptor socket) implements Phase {}

        record Reading(Descriptor socket, StatusLine line, HttpRequest request) implements Phase {}

        record Over() implements Phase {}
    }

    private final Call call;
    private final Duration limit;
    private final Course course;
    private final Prober prober;
    private Phase phase = new Phase.Resting();
    private boolean looksUp;
    private long deadline;

    Inquiry(Call call, Duration limit, Course course, Prober prober) {
        this.call = call;
        this.limit = limit;
        this.course = course;
        this.prober = prober;
    }

    void begin() {
        prober.alarm(this, course.first());
    }

    /** Leaves the question that is being asked, and asks no more. */
    void end() {
        leave();
        phase = new Phase.Over();
        prober.forget(this);
    }

    /** Its alarm has gone off. */
    void timeCame() {
        switch (phase) {
            case Phase.Resting _ -> ask();
            case Phase.Trying _ when left().isPositive() -> ask(call.place());
            case Phase.Trying _, Phase.LookingUp _, Phase.Connecting _, Phase.Reading _ ->
                    answered(Asker.tooLate(limit));
            case Phase.Over _ -> {}
        }
    }

    private void ask() {
        deadline = System.nanoTime() + limit.toNanos();
        ask(call.place());
    }

    private void ask(Call.Place place) {
        switch (place) {
            case Call.Place.At(Endpoint endpoint) -> connect(endpoint);
            case Call.Place.Named named -> lookUp(named);
        }
    }

    /** One thread at a time: if the last one is not back yet, its finding is waited for. */
    private void lookUp(Call.Place.Named named) {
        await(new Phase.LookingUp(), left());
        if (!looksUp) {
            looksUp = true;
            Thread.ofVirtual()
                    .start(() -> {
                        Optional<Endpoint> found = named.lookUp();
                        prober.order(() -> lookedUp(found));
                    });
        }
    }

    private void lookedUp(Optional<Endpoint> found) {
        looksUp = false;
        if (phase instanceof Phase.LookingUp) {
            found.ifPresentOrElse(
                    this::connect, () -> answered(call.failed("there is no such host")));
        }
    }

    private void connect(Endpoint endpoint) {
        switch (endpoint.open()) {
            case Descriptor.Result.Opened(Descriptor socket) -> connect(endpoint, socket);
            case Descriptor.Result.NotOpened(Errno errno) -> answered(call.failed(errno));
        }
    }

    /** Begins, or goes on; the socket is known to neither the phase nor the prober meanwhile. */
    private void connect(Endpoint endpoint, Descriptor socket) {
        switch (endpoint.connect(socket)) {
            case Endpoint.Progress.Connected _ -> connected(socket);
            case Endpoint.Progress.Underway _ -> {
                prober.awaitWritable(socket, this);
                await(new Phase.Connecting(endpoint, socket), left());
            }
            case Endpoint.Progress.NoRoom _ -> {
                socket.close();
                await(new Phase.Trying(), left().compareTo(WHILE) < 0 ? left() : WHILE);
            }
            case Endpoint.Progress.Failed(Errno errno) -> {
                socket.close();
                answered(call.failed(errno));
            }
        }
    }

    /** What its socket was waited for has come. */
    void socketIsReady() {
        switch (phase) {
            case Phase.Connecting(Endpoint endpoint, Descriptor socket) -> {
                prober.ignore(socket);
                phase = new Phase.Resting();
                connect(endpoint, socket);
            }
            case Phase.Reading reading -> read(reading);
            case Phase.Resting _, Phase.LookingUp _, Phase.Trying _, Phase.Over _ -> {}
        }
    }

    private void connected(Descriptor socket) {
        Optional<HttpRequest> request = call.request();
        if (request.isEmpty()) {
            socket.close();
            answered(Verdict.WELL);
            return;
        }
        byte[] bytes = request.get().bytes();
        long sent = Endpoint.send(socket, bytes);
        if (sent == bytes.length) {
            prober.awaitReadable(socket, this);
            await(new Phase.Reading(socket, new StatusLine(), request.get()), left());
        } else {
            socket.close();
            answered(call.failed(sent < 0 ? Transfer.errno(sent).words() : "the URL is too long"));
        }
    }

    private void read(Phase.Reading reading) {
        switch (reading.line().read(reading.socket())) {
            case StatusLine.Result.Whole(String line) -> answered(reading.request().judge(line));
            case StatusLine.Result.Part _ -> {}
            case StatusLine.Result.Broken(Errno errno) -> answered(call.failed(errno.words()));
        }
    }

    private void answered(Verdict verdict) {
        leave();
        phase = new Phase.Resting();
        course.next(verdict).ifPresentOrElse(pause -> prober.alarm(this, pause), this::end);
    }

    private void leave() {
        switch (phase) {
            case Phase.Connecting connecting -> close(connecting.socket());
            case Phase.Reading reading -> close(reading.socket());
            case Phase.Resting _, Phase.LookingUp _, Phase.Trying _, Phase.Over _ -> {}
        }
    }

    private void close(Descriptor socket) {
        prober.ignore(socket);
        socket.close();
    }

    private void await(Phase next, Duration most) {
        phase = next;
        prober.alarm(this, most);
    }

    private Duration left() {
        return Duration.ofNanos(deadline - System.nanoTime());
    }
}
