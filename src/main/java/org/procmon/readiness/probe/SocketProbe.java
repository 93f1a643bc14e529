package org.procmon.readiness.probe;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.procmon.config.DurationText;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Endpoint;
import org.procmon.posix.Errno;
import org.procmon.posix.Transfer;

/**
 * Probes one run over sockets, again and again. It has at most one socket, and one timer: for the
 * next request, or for the timeout of the current one. Several addresses share that timeout, and
 * the first that answers counts. The prober's thread only; nothing here blocks.
 */
final class SocketProbe {
    /** The delay before a retry when a server had no room for the connection. */
    private static final Duration RETRY_DELAY = Duration.ofMillis(20);

    private static final int PIECE = 4096;

    private sealed interface Phase {
        record Resting() implements Phase {}

        record LookingUp(String host) implements Phase {}

        record Trying(Endpoint endpoint) implements Phase {}

        record Connecting(Endpoint endpoint, Descriptor socket) implements Phase {}

        record Reading(
                Endpoint endpoint, Descriptor socket, ResponseHead head, HttpProbeRequest request)
                implements Phase {}

        record Over() implements Phase {}
    }

    private final ProbeRequest probeRequest;
    private final Duration limit;
    private final ProbePolicy probePolicy;
    private final Prober prober;
    private Phase phase = new Phase.Resting();
    private boolean looksUp;
    private long deadline;

    /** The addresses that the current request tries next. */
    private final Deque<Endpoint> left = new ArrayDeque<>();

    /** The addresses that have not answered within their share of the timeout. */
    private final Deque<Endpoint> slow = new ArrayDeque<>();

    private Optional<HttpProbeRequest> request = Optional.empty();

    /** Why the first address that refused did so; null if none has. */
    private @Nullable ProbeResult refusal;

    SocketProbe(ProbeRequest probeRequest, Duration limit, ProbePolicy probePolicy, Prober prober) {
        this.probeRequest = probeRequest;
        this.limit = limit;
        this.probePolicy = probePolicy;
        this.prober = prober;
    }

    void begin() {
        prober.setTimer(this, probePolicy.first());
    }

    /** Abandons the request under way, and stops probing. */
    void end() {
        leave();
        phase = new Phase.Over();
        prober.forget(this);
    }

    /** The timer has fired. */
    void timerFired() {
        switch (phase) {
            case Phase.Resting _ -> ask();
            case Phase.Trying(Endpoint endpoint) when left().isPositive() -> connect(endpoint);
            case Phase.LookingUp(String host) ->
                    answered(ProbeRequest.notFound(host, DurationText.inWords(limit)));
            case Phase.Connecting(Endpoint endpoint, _) when left().isPositive() ->
                    isSlow(endpoint);
            case Phase.Reading reading when left().isPositive() -> isSlow(reading.endpoint());
            case Phase.Trying _, Phase.Connecting _, Phase.Reading _ ->
                    answered(CommandProbe.tooLate(limit));
            case Phase.Over _ -> {}
        }
    }

    private void ask() {
        deadline = System.nanoTime() + limit.toNanos();
        refusal = null;
        request = probeRequest.request();
        switch (probeRequest.place()) {
            case ProbeRequest.Place.At(List<Endpoint> endpoints) -> ask(endpoints);
            case ProbeRequest.Place.Named named -> lookUp(named);
        }
    }

    private void ask(List<Endpoint> endpoints) {
        left.clear();
        slow.clear();
        left.addAll(endpoints);
        askNext();
    }

    /** One lookup at a time: if the last one is not finished yet, waits for its result. */
    private void lookUp(ProbeRequest.Place.Named named) {
        await(new Phase.LookingUp(named.host()), left());
        if (!looksUp) {
            looksUp = true;
            Resolver.execute(() -> {
                List<Endpoint> found = named.lookUp();
                prober.order(() -> lookedUp(found));
            });
        }
    }

    private void lookedUp(List<Endpoint> found) {
        looksUp = false;
        if (!(phase instanceof Phase.LookingUp)) {
            return;
        }
        if (found.isEmpty()) {
            answered(probeRequest.failed("there is no such host"));
        } else {
            ask(found);
        }
    }

    private void askNext() {
        Endpoint next = left.poll();
        if (next == null) {
            next = slow.poll();
        }
        if (next != null) {
            connect(next);
        } else {
            ProbeResult why = refusal;
            answered(why == null ? CommandProbe.tooLate(limit) : why);
        }
    }

    /** The address has used its share; if no other answers, it gets the remaining time. */
    private void isSlow(Endpoint endpoint) {
        leave();
        slow.add(endpoint);
        askNext();
    }

    /** The address does not answer; another may. */
    private void refused(ProbeResult probeResult) {
        leave();
        phase = new Phase.Resting();
        if (probeResult instanceof ProbeResult.NotAsked) {
            answered(probeResult);
            return;
        }
        if (refusal == null) {
            refusal = probeResult;
        }
        askNext();
    }

    private void connect(Endpoint endpoint) {
        switch (endpoint.open()) {
            case Descriptor.Result.Opened(Descriptor socket) -> connect(endpoint, socket);
            case Descriptor.Result.NotOpened(Errno errno) -> refused(probeRequest.failed(errno));
        }
    }

    /**
     * Starts or continues to connect; meanwhile neither the phase nor the prober has the socket.
     */
    private void connect(Endpoint endpoint, Descriptor socket) {
        phase = new Phase.Resting();
        switch (endpoint.connect(socket)) {
            case Endpoint.Progress.Connected _ -> connected(endpoint, socket);
            case Endpoint.Progress.Underway _ -> {
                prober.awaitWritable(socket, this);
                await(new Phase.Connecting(endpoint, socket), share());
            }
            case Endpoint.Progress.NoRoom _ -> {
                socket.close();
                await(
                        new Phase.Trying(endpoint),
                        left().compareTo(RETRY_DELAY) < 0 ? left() : RETRY_DELAY);
            }
            case Endpoint.Progress.Failed(Errno errno) -> {
                socket.close();
                refused(probeRequest.failed(errno));
            }
        }
    }

    /** The event that the socket was waiting for has arrived. */
    void socketIsReady() {
        switch (phase) {
            case Phase.Connecting(Endpoint endpoint, Descriptor socket) -> {
                prober.ignore(socket);
                connect(endpoint, socket);
            }
            case Phase.Reading reading -> read(reading);
            case Phase.Resting _, Phase.LookingUp _, Phase.Trying _, Phase.Over _ -> {}
        }
    }

    private void connected(Endpoint endpoint, Descriptor socket) {
        if (request.isEmpty()) {
            socket.close();
            answered(ProbeResult.WELL);
            return;
        }
        byte[] bytes = request.get().bytes();
        long sent = Endpoint.send(socket, bytes);
        if (sent == bytes.length) {
            prober.awaitReadable(socket, this);
            await(new Phase.Reading(endpoint, socket, new ResponseHead(), request.get()), share());
        } else {
            socket.close();
            refused(
                    probeRequest.failed(
                            sent < 0 ? Transfer.errno(sent).words() : "the URL is too long"));
        }
    }

    private void read(Phase.Reading reading) {
        byte[] piece = new byte[PIECE];
        long count = Endpoint.receive(reading.socket(), piece);
        if (count < 0) {
            if (!Transfer.isPause(count)) {
                refused(probeRequest.failed(Transfer.errno(count).words()));
            }
            return;
        }
        ResponseHead head = reading.head();
        switch (count == 0 ? head.end() : head.take(piece, (int) count)) {
            case ResponseHead.Result.Part _ -> {}
            case ResponseHead.Result.Foreign(boolean empty) when empty ->
                    refused(reading.request().foreign());
            case ResponseHead.Result.Foreign _ -> answered(reading.request().foreign());
            case ResponseHead.Result.Whole whole -> judge(reading, whole);
        }
    }

    private void judge(Phase.Reading reading, ResponseHead.Result.Whole whole) {
        switch (reading.request().judge(whole)) {
            case HttpProbeRequest.Next.Judged(ProbeResult probeResult) -> answered(probeResult);
            case HttpProbeRequest.Next.Redirected(HttpProbeRequest next) -> {
                leave();
                request = Optional.of(next);
                ask(List.of(reading.endpoint()));
            }
        }
    }

    private void answered(ProbeResult probeResult) {
        leave();
        left.clear();
        slow.clear();
        phase = new Phase.Resting();
        probePolicy
                .next(probeResult)
                .ifPresentOrElse(pause -> prober.setTimer(this, pause), this::end);
    }

    private void leave() {
        switch (phase) {
            case Phase.Connecting connecting -> close(connecting.socket());
            case Phase.Reading reading -> close(reading.socket());
            case Phase.Resting _, Phase.LookingUp _, Phase.Trying _, Phase.Over _ -> {}
        }
        phase = phase instanceof Phase.Over ? phase : new Phase.Resting();
    }

    private void close(Descriptor socket) {
        prober.ignore(socket);
        socket.close();
    }

    private void await(Phase next, Duration most) {
        phase = next;
        prober.setTimer(this, most);
    }

    private Duration left() {
        return Duration.ofNanos(deadline - System.nanoTime());
    }

    /** How long the current address may take while others are still to be tried. */
    private Duration share() {
        return left().dividedBy(1 + left.size());
    }
}
