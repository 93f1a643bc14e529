package org.procmon.fastcgi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

class LogRateLimitTest {
    private final RecordedFailures bugs = new RecordedFailures();
    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private PrintStream before = System.err;

    @BeforeEach
    void catchTheLog() {
        before = System.err;
        System.setErr(new PrintStream(logged, true, UTF_8));
    }

    @AfterEach
    void releaseTheLog() {
        System.setErr(before);
        assertThat(bugs.seen()).isEmpty();
    }

    private LogRateLimit log(int most, Duration period) {
        return new LogRateLimit(LoggerFactory.getLogger(getClass()), most, period, bugs);
    }

    private List<String> lines() {
        return logged.toString(UTF_8).lines().toList();
    }

    @Test
    void countsLinesBeyondTheLimitAndLogsTheCount() {
        LogRateLimit log = log(3, Duration.ofMillis(500));
        for (int i = 0; i < 1000; i++) {
            log.log(Level.WARN, "line", "number", i);
        }
        assertThat(lines().size()).isLessThan(100);
        await().until(() -> lines().getLast().contains("left out"));
        assertThat(lines().getFirst()).contains("WARN").endsWith("line number=0");
        long told = lines().stream().filter(line -> line.contains("line number=")).count();
        long leftOut =
                lines().stream()
                        .filter(line -> line.contains("left out lines like these"))
                        .mapToLong(
                                line -> Long.parseLong(line.substring(line.indexOf("lines=") + 6)))
                        .sum();
        assertThat(told + leftOut).isEqualTo(1000);
    }

    @Test
    void logsTheCountWhenFlushed() {
        LogRateLimit log = log(1, Duration.ofHours(1));
        log.log(Level.ERROR, "one");
        log.log(Level.ERROR, "two");
        log.flush();
        log.flush();
        assertThat(lines()).hasSize(2);
        assertThat(lines().getFirst()).contains("ERROR fastcgi: one");
        assertThat(lines().getLast()).endsWith("left out lines like these lines=1");
    }

    @Test
    void escapesAndCutsValues() {
        log(5, Duration.ofHours(1)).log(Level.WARN, "line", "a", "a\nb", "b", "x".repeat(10_000));
        assertThat(lines())
                .singleElement()
                .asString()
                .endsWith("line a=\"a\\nb\" b=" + "x".repeat(1000) + "...");
    }
}
