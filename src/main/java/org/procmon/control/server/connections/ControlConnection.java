package org.procmon.control.server.connections;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
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
import org.procmon.control.protocol.MessageBudget;
import org.procmon.control.protocol.MessageBuffer;
import org.procmon.control.protocol.MessageReader;
import org.procmon.control.server.calls.Access;
import org.procmon.control.server.calls.CallerRights;
import org.procmon.control.server.calls.ClientLimits;
import org.procmon.control.server.calls.ClientLiveness;
import org.procmon.control.server.calls.ClientLog;
import org.procmon.control.server.calls.OutputFollower;
import org.procmon.control.server.calls.Peer;
import org.procmon.control.server.calls.Service;
import org.procmon.control.server.replies.CallReply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * One client: reads its calls and answers them in order, on a virtual thread of its own. An error
 * of a client ends its connection and nothing else.
 */
public final class ControlConnection implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlConnection.class);

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
    private final ClientLimits clientLimits;
    private final Deadline deadline;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.IDLE);
    private final ConnectionQuota connectionQuota;
    private final ClientLog log;
    private final Thread.UncaughtExceptionHandler bugs;
    private final MessageReader in;
    private final MessageBuffer out;
    private final Waiting presence = new Waiting();
    private volatile String lateness = "";
    private volatile boolean late;
    private volatile boolean isLateToBlame;
    private volatile Quota.@Nullable Taker client;
    private volatile @Nullable Thread server;
    private volatile @Nullable OutputFollower follower;
    private @Nullable FutureTask<Boolean> readAhead;

    public ControlConnection(
            SocketChannel channel,
            Peer.Origin origin,
            Access access,
            Service service,
            ClientLimits clientLimits,
            ConnectionQuota connectionQuota,
            ScheduledThreadPoolExecutor timers,
            ClientLog log,
            Thread.UncaughtExceptionHandler bugs) {
        this.channel = channel;
        this.origin = origin;
        this.access = access;
        this.service = service;
        this.clientLimits = clientLimits;
        this.connectionQuota = connectionQuota;
        this.log = log;
        this.bugs = bugs;
        this.in = new MessageReader(ClientLimits.LONGEST_MESSAGE, new MessageBudget(new Room()));
        this.out = new MessageBuffer(channel);
        this.deadline = new Deadline(timers, this::endLate);
    }

    @Override
    public void run() {
        server = Thread.currentThread();
        String user = "unknown";
        try {
            Peer peer = origin.of(channel);
            user = peer.name();
            enter(peer);
        } catch (JacksonException e) {
            ended(user, "not JSON: " + e.getOriginalMessage());
        } catch (Call.NotACall | MessageReader.MessageTooLong e) {
            ended(user, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            if (!late || !isLateToBlame || phase.get() == Phase.ENDING) {
                LOG.atDebug()
                        .addKeyValue("user", user)
                        .addKeyValue("reason", late ? lateness : e.toString())
                        .log("lost a connection");
            } else {
                ended(user, lateness);
            }
        } catch (InterruptedException _) {
            LOG.atDebug()
                    .addKeyValue("user", user)
                    .log("closed a connection that waited for an answer");
        } catch (OutOfMemoryError e) {
            // Other connections may be affected too; the next monitor takes over.
            bugs.uncaughtException(Thread.currentThread(), e);
        } catch (RuntimeException | Error e) {
            if (log.admits(user)) {
                LOG.atError()
                        .setCause(e)
                        .addKeyValue("user", user)
                        .log("closed a connection, because of a bug");
            }
        } finally {
            deadline.end();
            close();
            in.close();
        }
    }

    private void ended(String user, String why) {
        log.warn(user, "closed a connection", why);
    }

    private void enter(Peer peer) throws IOException, Call.NotACall, InterruptedException {
        Quota.Taker taker = new Quota.Taker(peer.user(), Access.isOwn(peer));
        if (!connectionQuota.connections().take(taker, 1)) {
            String user = peer.name();
            log.warn(user, "refused a connection", "no place");
            send(busy("too many connections are open"));
            return;
        }
        client = taker;
        try {
            serve(peer, taker);
        } catch (MessageReader.NoRoom e) {
            ended(peer.name(), String.valueOf(e.getMessage()));
            send(busy("no memory is left for so long a message now"));
        } finally {
            connectionQuota.connections().give(taker, 1);
        }
    }

    /** The long messages of this client count for its user. */
    private final class Room implements MessageBudget.Source {
        @Override
        public boolean take(long bytes) {
            Quota.Taker taker = client;
            return taker != null && connectionQuota.messages().take(taker, bytes);
        }

        @Override
        public void give(long bytes) {
            Quota.Taker taker = client;
            if (taker != null) {
                connectionQuota.messages().give(taker, bytes);
            }
        }
    }

    private static CallReply busy(String reason) {
        return CallReply.TextReply.error(ErrorName.BUSY, "reason", reason);
    }

    /** Closes the connection: at once when it is idle, else after the answer in progress. */
    public void end() {
        if (phase.getAndSet(Phase.ENDING) == Phase.IDLE) {
            close();
        }
        OutputFollower waiting = follower;
        if (waiting != null) {
            waiting.callBack();
        }
    }

    /** Closes the connection now, whatever it does. */
    public void abort() {
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
            LOG.atDebug().addKeyValue("reason", e.toString()).log("cannot close a connection");
        }
    }

    private void serve(Peer peer, Quota.Taker taker)
            throws IOException, Call.NotACall, InterruptedException {
        Access.Right right = access.of(peer);
        Duration silence =
                taker.isOwn() ? clientLimits.longestWait() : clientLimits.slowestMessage();
        while (receive(silence) && phase.compareAndSet(Phase.IDLE, Phase.ANSWERING)) {
            Call call = Call.read(in.bytes(), in.offset(), in.length());
            CallerRights rights = access.standing(peer, right, taker.isOwn(), call.onBehalf());
            long weight = service.weight(call);
            if (connectionQuota.calls().take(taker, weight)) {
                try {
                    serve(call, rights, taker);
                } finally {
                    connectionQuota.calls().give(taker, weight);
                }
            } else {
                reply(call, busy("no memory is left for this call now"));
            }
            if (!phase.compareAndSet(Phase.ANSWERING, Phase.IDLE)) {
                return;
            }
            silence = taker.isOwn() ? clientLimits.longestWait() : clientLimits.idle();
        }
    }

    private void serve(Call call, CallerRights rights, Quota.Taker taker)
            throws IOException, InterruptedException {
        CallReply callReply = answer(call, rights, taker.isOwn());
        if (call.oneway() || callReply.continuesFrom().isEmpty()) {
            reply(call, callReply);
        } else if (connectionQuota.followers().take(taker, 1)) {
            try {
                follow(call, reply(call, callReply));
            } finally {
                connectionQuota.followers().give(taker, 1);
            }
        } else {
            reply(call, busy("too many connections already follow output or events"));
        }
    }

    private CallReply answer(Call call, CallerRights rights, boolean isOwn)
            throws InterruptedException {
        if (!Service.isMuchWork(call)) {
            return service.answer(call, rights, presence);
        }
        if (!connectionQuota.beginWork(isOwn)) {
            return busy("the monitor is busy with the calls of others");
        }
        try {
            return service.answer(call, rights, presence);
        } finally {
            connectionQuota.endWork(isOwn);
        }
    }

    /**
     * Sends a reply and runs what follows it.
     *
     * @return the position of the next reply to the same call; empty if none follows
     */
    private String reply(Call call, CallReply callReply) throws IOException {
        try {
            if (!call.oneway()) {
                send(callReply);
            }
        } finally {
            if (callReply instanceof CallReply.ThenRun thenRun) {
                thenRun.then().run();
            }
        }
        return call.oneway() ? "" : callReply.continuesFrom();
    }

    /**
     * Sends further replies as long as the last one said that it continues: until the client sends
     * something or closes, or the server stops. Holds no data while it waits.
     */
    private void follow(Call call, String begin) throws IOException, InterruptedException {
        OutputFollower waiting = new OutputFollower(Thread.currentThread());
        follower = waiting;
        if (in.hasPart() || phase.get() == Phase.ENDING) {
            waiting.callBack();
        } else {
            readAhead(_ -> waiting.callBack());
        }
        String position = begin;
        while (!position.isEmpty()) {
            position = reply(call, service.next(call, position, waiting));
        }
        follower = null;
    }

    /** What is known of the client while it waits for an answer. */
    private final class Waiting implements ClientLiveness {
        private @Nullable CompletableFuture<Void> silence;

        /**
         * Reads ahead, once for a call; not if the client has already sent more, since that would
         * prove nothing.
         */
        @Override
        public CompletableFuture<Void> silence() {
            CompletableFuture<Void> known = silence;
            if (known != null) {
                return known;
            }
            CompletableFuture<Void> watch = new CompletableFuture<>();
            silence = watch;
            if (!in.hasPart()) {
                readAhead(task -> {
                    if (task.state() != Future.State.SUCCESS || !task.resultNow()) {
                        watch.complete(null);
                    }
                });
            }
            return watch;
        }

        /**
         * A client that closes its sending side may have closed the connection. The kernel reveals
         * the difference only to a writer, and a message may start with spaces (RFC 8259, section
         * 2).
         */
        @Override
        public boolean listens() {
            try {
                send(ByteBuffer.wrap(BLANK));
                return true;
            } catch (IOException e) {
                LOG.atDebug()
                        .addKeyValue("reason", e.toString())
                        .log("a client that waited for an answer is gone");
                return false;
            }
        }

        /** The connection waits for the next call. */
        void end() {
            silence = null;
        }
    }

    /** Waits for bytes on a separate thread, which then runs the action. */
    private void readAhead(Consumer<Future<Boolean>> then) {
        FutureTask<Boolean> task = new FutureTask<>(this::fill);
        readAhead = task;
        Thread.ofVirtual()
                .name("control-ahead")
                .uncaughtExceptionHandler(bugs)
                .start(() -> {
                    task.run();
                    then.accept(task);
                });
    }

    private boolean fill() throws IOException {
        try {
            return in.fill(channel);
        } catch (OutOfMemoryError e) {
            bugs.uncaughtException(Thread.currentThread(), e);
            throw e;
        }
    }

    /** Waits for the bytes read ahead; {@code false} when nothing more will come. */
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
    private boolean receive(Duration silence) throws IOException, InterruptedException {
        limit(silence, "it was silent for " + silence, false);
        if (!joinReadAhead()) {
            return false;
        }
        boolean started = false;
        while (!in.next()) {
            if (!started && in.hasPart()) {
                started = true;
                limit(
                        clientLimits.slowestMessage(),
                        "a message took longer than " + clientLimits.slowestMessage(),
                        true);
            }
            if (!in.fill(channel)) {
                return false;
            }
        }
        deadline.lift();
        return true;
    }

    /**
     * Sets the time limit of the next step.
     *
     * @param what what to report on timeout
     * @param isToBlame whether the timeout deserves a warning
     */
    private void limit(Duration limit, String what, boolean isToBlame) {
        lateness = what;
        isLateToBlame = isToBlame;
        deadline.set(limit);
    }

    private void send(CallReply callReply) throws IOException {
        if (callReply instanceof CallReply.Encoded encoded) {
            send(ByteBuffer.wrap(encoded.message()));
            return;
        }
        beginToSend();
        try {
            callReply.write(out);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        out.sendTo(channel);
        out.shrink();
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
        limit(
                clientLimits.slowestReader(),
                "it did not read its answer within " + clientLimits.slowestReader(),
                true);
    }
}
