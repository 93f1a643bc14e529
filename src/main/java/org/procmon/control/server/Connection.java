package org.procmon.control.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.procmon.control.protocol.Call;
import org.procmon.control.protocol.ErrorName;
import org.procmon.control.protocol.MessageBuffer;
import org.procmon.control.protocol.MessageReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * One client: reads its calls and answers them in order, on a virtual thread of its own. Whatever a
 * client does wrong ends its connection and nothing else.
 */
final class Connection implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private static final byte[] BLANK = {' '};

    private enum Phase {
        IDLE,
        ANSWERING,
        ENDING
    }

    private final SocketChannel channel;
    private final Peer.Origin origin;
    private final Access access;
    private final Service service;
    private final Limits limits;
    private final Deadline deadline;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.IDLE);
    private final Places places;
    private final MessageReader in;
    private final MessageBuffer out = new MessageBuffer();
    private final Waiting presence = new Waiting();
    private volatile String lateness = "";
    private volatile boolean late;
    private volatile @Nullable Thread server;
    private volatile @Nullable Follower follower;
    private @Nullable FutureTask<Boolean> readAhead;

    Connection(
            SocketChannel channel,
            Peer.Origin origin,
            Access access,
            Service service,
            Limits limits,
            Places places,
            ScheduledThreadPoolExecutor timers) {
        this.channel = channel;
        this.origin = origin;
        this.access = access;
        this.service = service;
        this.limits = limits;
        this.places = places;
        this.in = new MessageReader(Limits.LONGEST_MESSAGE, places.messages());
        this.deadline = new Deadline(timers, this::endLate);
    }

    @Override
    public void run() {
        server = Thread.currentThread();
        String who = "an unknown user";
        try {
            Peer peer = origin.of(channel);
            who = "the user " + peer.name();
            enter(peer);
        } catch (JacksonException e) {
            LOG.warn("ended a connection of {}: not JSON: {}", who, e.getOriginalMessage());
        } catch (Call.NotACall | MessageReader.MessageTooLong e) {
            LOG.warn("ended a connection of {}: {}", who, e.getMessage());
        } catch (IOException e) {
            if (!late || phase.get() == Phase.ENDING) {
                LOG.debug("lost a connection of {}: {}", who, e.toString());
            } else {
                LOG.warn("ended a connection of {}: {}", who, lateness);
            }
        } catch (InterruptedException _) {
            LOG.debug("the server closed while {} waited for an answer", who);
        } catch (RuntimeException e) {
            LOG.error("ended a connection of {}: a bug", who, e);
        } finally {
            deadline.end();
            close();
            in.close();
        }
    }

    private void enter(Peer peer) throws IOException, Call.NotACall, InterruptedException {
        boolean isOwn = Access.isOwn(peer);
        if (!places.take(peer.user(), isOwn)) {
            places.complain("refused a connection of the user " + peer.name() + ": no place");
            send(busy("there are too many connections already"));
            return;
        }
        try {
            serve(peer);
        } catch (MessageReader.NoRoom e) {
            places.complain(
                    "ended a connection of the user " + peer.name() + ": " + e.getMessage());
            send(busy("there is no room for so long a message now"));
        } finally {
            places.give(peer.user(), isOwn);
        }
    }

    private static Answer busy(String reason) {
        return Answer.Texts.error(ErrorName.BUSY, "reason", reason);
    }

    /** Ends it: at once when it is idle, else after the answer that it is owed. */
    void end() {
        if (phase.getAndSet(Phase.ENDING) == Phase.IDLE) {
            close();
        }
        Follower waiting = follower;
        if (waiting != null) {
            waiting.callBack();
        }
    }

    /** Ends it now, whatever it is at. */
    void abort() {
        close();
        Thread thread = server;
        if (thread != null) {
            thread.interrupt();
        }
    }

    private void endLate() {
        late = true;
        close();
    }

    private void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("cannot close a connection", e);
        }
    }

    private void serve(Peer peer) throws IOException, Call.NotACall, InterruptedException {
        Access.Right right = access.of(peer);
        while (receive() && phase.compareAndSet(Phase.IDLE, Phase.ANSWERING)) {
            Call call = Call.read(in.bytes(), in.offset(), in.length());
            Standing who = access.standing(peer, right, call.onBehalf());
            Answer answer = service.answer(call, who, presence);
            if (call.oneway() || answer.continuesFrom().isEmpty()) {
                reply(call, answer);
            } else if (places.beginToFollow()) {
                try {
                    follow(call, reply(call, answer));
                } finally {
                    places.endToFollow();
                }
            } else {
                send(busy("there are too many connections that follow already"));
            }
            if (!phase.compareAndSet(Phase.ANSWERING, Phase.IDLE)) {
                return;
            }
        }
    }

    /**
     * Sends a reply and does what comes after it.
     *
     * @return the position from which another reply to the same call goes on; empty if none does
     */
    private String reply(Call call, Answer answer) throws IOException {
        try {
            if (!call.oneway()) {
                send(answer);
            }
        } finally {
            if (answer instanceof Answer.Before before) {
                before.then().run();
            }
        }
        return call.oneway() ? "" : answer.continuesFrom();
    }

    /**
     * Sends further replies for as long as the last one said that it continues: until the client
     * says something or goes, or the server ends. Holds nothing while it waits.
     */
    private void follow(Call call, String begin) throws IOException, InterruptedException {
        Follower waiting = new Follower(Thread.currentThread());
        follower = waiting;
        if (in.hasPart() || phase.get() == Phase.ENDING) {
            waiting.callBack();
        } else {
            readAhead(_ -> waiting.callBack());
        }
        String position = begin;
        while (!position.isEmpty()) {
            out.shrink();
            position = reply(call, service.next(call, position, waiting));
        }
        follower = null;
    }

    /** What is known of the client while an answer is waited for. */
    private final class Waiting implements Presence {
        private @Nullable CompletableFuture<Void> silence;

        /**
         * Reads ahead, once for a call; not if the client has sent more already, which shows
         * nothing of it.
         */
        @Override
        public CompletableFuture<Void> silence() {
            CompletableFuture<Void> known = silence;
            if (known != null) {
                return known;
            }
            CompletableFuture<Void> begun = new CompletableFuture<>();
            silence = begun;
            if (!in.hasPart()) {
                readAhead(task -> {
                    if (task.state() != Future.State.SUCCESS || !task.resultNow()) {
                        begun.complete(null);
                    }
                });
            }
            return begun;
        }

        /**
         * The end of what it sends may be the end of all. The kernel tells the difference only to
         * who writes, and a message may begin with blanks (RFC 8259, section 2).
         */
        @Override
        public boolean listens() {
            try {
                send(ByteBuffer.wrap(BLANK));
                return true;
            } catch (IOException e) {
                LOG.debug("the client is gone that waits for an answer", e);
                return false;
            }
        }

        /** A further call is waited for. */
        void end() {
            silence = null;
        }
    }

    /** Waits for bytes on a thread of their own, which then does something. */
    private void readAhead(Consumer<Future<Boolean>> then) {
        FutureTask<Boolean> task = new FutureTask<>(() -> in.fill(channel));
        readAhead = task;
        Thread.ofVirtual()
                .name("control-ahead")
                .start(() -> {
                    task.run();
                    then.accept(task);
                });
    }

    /** Waits for what is being read ahead; {@code false} when nothing more will come. */
    private boolean joinReadAhead() throws IOException, InterruptedException {
        presence.end();
        FutureTask<Boolean> task = readAhead;
        readAhead = null;
        try {
            return task == null || task.get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    /** Waits for the next message; {@code false} when no more will come. */
    private boolean receive() throws IOException, InterruptedException {
        if (!joinReadAhead()) {
            return false;
        }
        boolean timed = false;
        while (!in.next()) {
            if (!timed && in.hasPart()) {
                timed = true;
                lateness = "a message took longer than " + limits.slowestMessage();
                deadline.set(limits.slowestMessage());
            }
            if (!in.fill(channel)) {
                return false;
            }
        }
        if (timed) {
            deadline.lift();
        }
        return true;
    }

    private void send(Answer answer) throws IOException {
        if (answer instanceof Answer.Encoded encoded) {
            send(ByteBuffer.wrap(encoded.message()));
            return;
        }
        answer.write(out);
        beginToSend();
        out.sendTo(channel);
        deadline.lift();
    }

    private void send(ByteBuffer bytes) throws IOException {
        beginToSend();
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        deadline.lift();
    }

    private void beginToSend() {
        lateness = "it did not read its answer within " + limits.slowestReader();
        deadline.set(limits.slowestReader());
    }
}
