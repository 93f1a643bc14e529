package org.procmon.status.fields;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PoolFieldsTest {
    @Test
    void theJsonIsTheSameByteForByte() {
        assertThat(Rows.write(PoolFields.TABLE, PoolRows.FULL)).isEqualTo(PoolRows.FULL_JSON);
        assertThat(Rows.write(PoolFields.TABLE, PoolRows.BARE)).isEqualTo(PoolRows.BARE_JSON);
    }

    @Test
    void aPoolIsReadAsItWasWritten() {
        assertThat(Rows.read(PoolFields.TABLE, PoolRows.FULL_JSON)).isEqualTo(PoolRows.FULL);
        assertThat(Rows.read(PoolFields.TABLE, PoolRows.BARE_JSON)).isEqualTo(PoolRows.BARE);
    }

    @Test
    void anExplanationIsReadAsItWasWritten() {
        PoolExplanation why =
                new PoolExplanation(PoolRows.FULL, List.of("full"), List.of("oops"), "soon");
        String json = Rows.write(PoolExplanation.TABLE, why);
        assertThat(json)
                .isEqualTo(
                        "{\"pool\":"
                                + PoolRows.FULL_JSON
                                + ",\"reasons\":[\"full\"],\"last_words\":[\"oops\"],"
                                + "\"outlook\":\"soon\"}");
        assertThat(Rows.read(PoolExplanation.TABLE, json)).isEqualTo(why);
    }

    @Test
    void theTotalIsTheSumEvenIfAMonitorSendsAnother() {
        String wrong = PoolRows.FULL_JSON.replace("\"total\":3", "\"total\":17");
        assertThat(Rows.read(PoolFields.TABLE, wrong).total()).isEqualTo(3);
    }

    @Test
    void aProcessHasNoKind() {
        assertThat(ProcessFields.TABLE.fields()).noneMatch(field -> field.name().equals("kind"));
    }

    @Test
    void everyLineOfAStatusHasItsPlace() {
        assertThat(PoolFields.TABLE.lines(PoolRows.FULL))
                .extracting(line -> line.label() + ": " + line.words())
                .containsExactly(
                        "cause: 2 of 3 are",
                        "since: 2026-01-01T00:00:00.000Z",
                        "mode: dynamic, 1 to 3 workers",
                        "command: php-cgi",
                        "listens on: /run/php.sock, :9000",
                        "trouble: in use",
                        "queue: 4 clients wait, the first for 1.2 s, room for 511, 503 beyond 200,"
                                + " 503 after 9 ms",
                        "workers: 2 busy, 1 idle, 3 in all",
                        "so far: 5 started, 1 stopped when idle, 6 replaced, 8 busy at most, 9"
                                + " waiting at most, all workers taken 2 times, 7"
                                + " refused",
                        "last roll: failed 1m03s ago: php.3 exited");
        assertThat(PoolFields.TABLE.lines(PoolRows.BARE))
                .extracting(FieldTable.Line::words)
                .contains("static, 2 workers", "no client waits, room for 128", "0 started");
    }

    @Test
    void aWorkersLineSaysWhatItDoes() {
        assertThat(PoolWords.worker(PoolRows.FULL.workers().getFirst()))
                .isEqualTo(
                        "busy for 3.2 s, in read (pipe_read), processor 410 ms, 23 MiB, up 1m04s,"
                                + " pid 4001");
        assertThat(PoolWords.worker(PoolRows.FULL.workers().getLast())).isEqualTo("backoff");
    }
}
