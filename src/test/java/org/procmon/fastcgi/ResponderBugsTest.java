package org.procmon.fastcgi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.fastcgi.wire.ConnectionDeadlines;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** The end of a thread that is needed is told, and so is memory that is used up. */
@Timeout(60)
class ResponderBugsTest {
    @TempDir Path folder;
    private final RecordedFailures bugs = new RecordedFailures();
    private PrintStream before = System.err;

    @BeforeEach
    void keepTheLog() {
        before = System.err;
        System.setErr(new PrintStream(new ByteArrayOutputStream(), true, UTF_8));
    }

    @AfterEach
    void releaseTheLog() {
        System.setErr(before);
    }

    private void awaitFailure(String thread, Class<? extends Throwable> thrown) {
        await().until(() -> !bugs.seen().isEmpty());
        assertThat(bugs.seen())
                .first()
                .satisfies(failure -> {
                    assertThat(failure.thread()).startsWith(thread);
                    assertThat(failure.thrown()).isInstanceOf(thrown);
                });
    }

    private void ask(ResponderHandler handler) throws IOException {
        ServerSocketChannel listener = ResponderTest.listen(StandardProtocolFamily.UNIX, folder);
        try (Responder responder =
                        Responder.start(
                                listener,
                                handler,
                                ResponderLimits.DEFAULT,
                                AllowedPeers.any(),
                                bugs);
                RecordClient client = new RecordClient(listener.getLocalAddress())) {
            client.send(Bytes.request(1, 0, Map.of(), ""));
            client.receive();
            assertThat(responder.hurried()).isFalse();
        }
    }

    @Test
    void reportsAnAcceptThreadWithoutListener() throws IOException {
        ServerSocketChannel listener = ResponderTest.listen(StandardProtocolFamily.UNIX, folder);
        try (Responder responder =
                Responder.start(
                        listener,
                        (_, _) -> {},
                        ResponderLimits.DEFAULT,
                        AllowedPeers.any(),
                        bugs)) {
            listener.close();
            // Something has to wake it, as a client would.
            responder.wakeUp();
            awaitFailure("fastcgi-accept", IllegalStateException.class);
        }
    }

    @Test
    void anOrderlyEndIsNone() throws IOException {
        ServerSocketChannel listener = ResponderTest.listen(StandardProtocolFamily.UNIX, folder);
        Responder responder =
                Responder.start(
                        listener, (_, _) -> {}, ResponderLimits.DEFAULT, AllowedPeers.any(), bugs);
        responder.stop(Duration.ZERO);
        responder.stop(Duration.ZERO);
        assertThat(bugs.seen()).isEmpty();
    }

    @Test
    void aHandlerWithoutMemory() throws IOException {
        ask((_, _) -> {
            throw new OutOfMemoryError("thrown from Java");
        });
        awaitFailure("fastcgi-", OutOfMemoryError.class);
    }

    @Test
    void reportsAHandlerWhoseHelperRanOutOfMemory() throws IOException {
        ask((_, _) -> {
            throw new CompletionException(new OutOfMemoryError("on another thread"));
        });
        awaitFailure("fastcgi-", CompletionException.class);
    }

    @ParameterizedTest
    @ValueSource(classes = {StackOverflowError.class, AssertionError.class})
    void otherErrorsAreThoseOfOneRequest(Class<? extends Error> type) throws IOException {
        ask((_, _) -> {
            throw type.equals(AssertionError.class)
                    ? new AssertionError("a bug")
                    : new StackOverflowError();
        });
        assertThat(bugs.seen()).isEmpty();
    }

    @Test
    void theThreadThatWatchesForTheClientsDeparture() throws IOException {
        ask((request, response) -> {
            request.departure()
                    .whenGone(() -> {
                        throw new IllegalStateException("a bug");
                    });
            response.write(Bytes.text("\r\nbye"));
        });
        awaitFailure("fastcgi-watcher", IllegalStateException.class);
    }

    @Test
    void theTimerOfDeadlines() {
        ConnectionDeadlines.Holder broken =
                new ConnectionDeadlines.Holder() {
                    @Override
                    public long dueAt() {
                        return 0;
                    }

                    @Override
                    public void expire() {
                        throw new IllegalStateException("a bug");
                    }
                };
        new ConnectionDeadlines(Set.of(broken), bugs).arm(0);
        awaitFailure("fastcgi-timers", IllegalStateException.class);
    }

    @Test
    void reportsAFailureOfTheLogTimer() {
        LogRateLimit log =
                new LogRateLimit(
                        LoggerFactory.getLogger(ResponderBugsTest.class),
                        0,
                        Duration.ofMillis(1),
                        bugs);
        System.setErr(
                new PrintStream(new ByteArrayOutputStream(), true, UTF_8) {
                    @Override
                    public void write(byte[] line, int offset, int length) {
                        throw new OutOfMemoryError("no room for a line");
                    }
                });
        log.log(Level.WARN, "left out");
        awaitFailure("fastcgi-timers", OutOfMemoryError.class);
    }
}
