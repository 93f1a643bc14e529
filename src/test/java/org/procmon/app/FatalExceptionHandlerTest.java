package org.procmon.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.pair.MonitorExit;

@Timeout(60)
class FatalExceptionHandlerTest {
    private final AtomicInteger halted = new AtomicInteger();
    private final ByteArrayOutputStream told = new ByteArrayOutputStream();
    private final FatalExceptionHandler handler =
            new FatalExceptionHandler("procmon", new PrintStream(told, true), halted::set);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aThreadThatFailsEndsTheProcessWithAReason(boolean virtual) throws Exception {
        Thread.Builder builder = virtual ? Thread.ofVirtual() : Thread.ofPlatform();
        Thread thread =
                builder.name("doomed")
                        .uncaughtExceptionHandler(handler)
                        .start(() -> {
                            throw new OutOfMemoryError("none of this kind");
                        });
        thread.join();
        assertThat(halted).hasValue(MonitorExit.BUG);
        assertThat(told.toString(StandardCharsets.UTF_8))
                .contains("OutOfMemoryError: none of this kind", "\tat ")
                .endsWith("procmon: cannot continue: thread doomed failed\n");
    }

    @Test
    void theReasonOfAThreadThatWasInterruptedIsWrittenToo() {
        Thread.currentThread().interrupt();
        handler.uncaughtException(Thread.currentThread(), new IllegalStateException("a bug"));
        boolean interrupted = Thread.interrupted();
        assertThat(halted).hasValue(MonitorExit.BUG);
        assertThat(told.toString(StandardCharsets.UTF_8)).contains("a bug", " failed\n");
        assertThat(interrupted).isFalse();
    }

    @Test
    void aReasonThatCannotBeWrittenDoesNotKeepTheProcess() throws IOException {
        PipedOutputStream full = new PipedOutputStream(new PipedInputStream(1));
        new FatalExceptionHandler("procmon", new PrintStream(full, true), halted::set)
                .uncaughtException(Thread.currentThread(), new IllegalStateException("a bug"));
        assertThat(halted).hasValue(MonitorExit.BUG);
    }

    @Test
    void aReasonThatFailsDoesNotKeepTheProcess() {
        Error failing =
                new Error() {
                    @Override
                    public void printStackTrace(PrintStream s) {
                        throw new OutOfMemoryError();
                    }
                };
        handler.uncaughtException(Thread.currentThread(), failing);
        assertThat(halted).hasValue(MonitorExit.BUG);
    }
}
