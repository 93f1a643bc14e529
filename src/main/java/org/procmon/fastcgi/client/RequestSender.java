package org.procmon.fastcgi.client;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.procmon.fastcgi.wire.RecordOutput;
import org.procmon.fastcgi.wire.Records;

/**
 * Sends one request. {@link #begin} sends all but its body on the caller's thread; {@link #run}
 * sends the body on another one. At any moment one thread writes at most: which one, is decided by
 * the state, and no lock is held during a write.
 */
final class RequestSender implements Runnable {
    private static final int PIECE = 16 * 1024;

    /** Longer than a thread needs that has only the end of a stream left to send. */
    private static final long LAST_MOMENT_MILLIS = 100;

    /** What becomes of the request. */
    private enum State {
        /** A record is being written. */
        WRITING,
        /** The next piece of the body is being read; an abort may be written. */
        WAITING,
        /** All was sent; an abort may be written. */
        SENT,
        /** To be aborted by the thread that is writing. */
        ABORTING,
        /** Nothing more is written: it was aborted, or the application does not read. */
        ABORTED,
        /** Nothing more is written: the response is over. */
        OVER
    }

    private final RecordOutput writer;
    private final TimedChannel channel;
    private final int id;
    private final ClientRequest request;
    private final AtomicReference<State> state = new AtomicReference<>(State.WRITING);
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile @Nullable String failure;

    RequestSender(RecordOutput writer, TimedChannel channel, int id, ClientRequest request) {
        this.writer = writer;
        this.channel = channel;
        this.id = id;
        this.request = request;
    }

    boolean hasBody() {
        return request.body() != null || request.data() != null;
    }

    /** Sends the variables; without a body, the whole request. */
    void begin() throws IOException {
        writer.beginRequest(id, request.role().number(), request.keepConnection());
        writer.pairs(Records.PARAMS, id, request.params());
        writer.empty(Records.PARAMS, id);
        if (!hasBody()) {
            endStreams();
        }
        writer.flush();
        wrote(hasBody() ? State.WAITING : State.SENT);
    }

    private void endStreams() throws IOException {
        if (request.role() != Role.AUTHORIZER) {
            writer.empty(Records.STDIN, id);
        }
        if (request.role() == Role.FILTER) {
            writer.empty(Records.DATA, id);
        }
    }

    @Override
    public void run() {
        try {
            boolean goesOn = copy(request.body(), Records.STDIN);
            if (goesOn && request.role() == Role.FILTER) {
                goesOn = copy(request.data(), Records.DATA);
            }
            if (goesOn) {
                state.compareAndSet(State.WAITING, State.SENT);
            }
        } catch (IOException e) {
            // It does not read any more; perhaps it has answered. The reader finds out.
            state.set(State.ABORTED);
        } finally {
            channel.resume();
            finished.countDown();
        }
    }

    /** Sends a stream and its end; false if no more may be sent. */
    private boolean copy(@Nullable InputStream from, int type) throws IOException {
        byte[] piece = new byte[from == null ? 0 : PIECE];
        int count = 0;
        while (count >= 0) {
            count = from == null ? -1 : read(from, piece);
            if (failure != null) {
                abort();
                return false;
            }
            if (!state.compareAndSet(State.WAITING, State.WRITING)) {
                return false;
            }
            if (count < 0) {
                writer.empty(type, id);
            } else {
                writer.content(type, id, piece, 0, count);
            }
            writer.flush();
            channel.progress();
            if (!wrote(State.WAITING)) {
                return false;
            }
        }
        return true;
    }

    private int read(InputStream from, byte[] piece) {
        channel.pause();
        try {
            return from.read(piece);
        } catch (IOException | RuntimeException e) {
            failure = "cannot read the body of the request: " + e.getMessage();
            return -1;
        } finally {
            channel.resume();
        }
    }

    /** Notes that a write is done; false if no more may be sent. */
    private boolean wrote(State next) {
        if (state.compareAndSet(State.WRITING, next)) {
            return true;
        }
        if (state.compareAndSet(State.ABORTING, State.ABORTED)) {
            writeAbort();
        }
        return false;
    }

    /** Asks the application to give up; from any thread. */
    void abort() {
        State present = state.get();
        while (present == State.WAITING || present == State.SENT || present == State.WRITING) {
            boolean writes = present == State.WRITING;
            if (state.compareAndSet(present, writes ? State.ABORTING : State.ABORTED)) {
                if (!writes) {
                    writeAbort();
                }
                return;
            }
            present = state.get();
        }
    }

    private void writeAbort() {
        try {
            writer.empty(Records.ABORT_REQUEST, id);
            writer.flush();
        } catch (IOException e) {
            // The reader finds out.
        }
    }

    /**
     * The response is over. If the connection is to be kept, what is left of the request is still
     * sent, but only for a moment.
     *
     * @return whether the request was sent in full
     */
    boolean end() {
        if (hasBody() && request.keepConnection()) {
            try {
                boolean _ = finished.await(LAST_MOMENT_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return state.getAndSet(State.OVER) == State.SENT;
    }

    /** Why the body broke off; null if it did not. */
    @Nullable String failure() {
        return failure;
    }
}
