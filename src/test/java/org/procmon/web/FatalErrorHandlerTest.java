package org.procmon.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FatalErrorHandlerTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<Integer> codes = new ArrayList<>();

    @Test
    void theReasonIsToldAndTheProgramEnds() {
        new FatalErrorHandler(new PrintStream(err, false, UTF_8), codes::add)
                .uncaughtException(
                        Thread.ofVirtual().name("needed").unstarted(() -> {}),
                        new IllegalStateException("a\u001bbug"));
        assertThat(err.toString(UTF_8))
                .startsWith(
                        "fcgi_proc: cannot go on: the thread needed failed:"
                                + " java.lang.IllegalStateException: a\\u001bbug\n\tat ")
                .doesNotContain("\u001b");
        assertThat(codes).containsExactly(70);
    }

    @Test
    void itEndsEvenIfTheReasonCannotBeTold() {
        PrintStream broken =
                new PrintStream(err, false, UTF_8) {
                    @Override
                    public void println(String line) {
                        throw new OutOfMemoryError("again");
                    }
                };
        FatalErrorHandler handler = new FatalErrorHandler(broken, codes::add);
        assertThatThrownBy(() ->
                        handler.uncaughtException(Thread.currentThread(), new OutOfMemoryError()))
                .isInstanceOf(OutOfMemoryError.class);
        assertThat(codes).containsExactly(70);
    }
}
