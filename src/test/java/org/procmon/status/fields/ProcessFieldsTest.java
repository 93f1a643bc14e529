package org.procmon.status.fields;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;

class ProcessFieldsTest {
    private static final FieldTable<ProcessRow> TABLE = ProcessFields.TABLE;

    @Test
    void theJsonIsTheSameByteForByte() {
        assertThat(Rows.write(TABLE, Rows.FULL)).isEqualTo(Rows.FULL_JSON);
        assertThat(Rows.write(TABLE, Rows.BARE)).isEqualTo(Rows.BARE_JSON);
    }

    @Test
    void aRowIsReadAsItWasWritten() {
        ProcessRow full = Rows.read(TABLE, Rows.FULL_JSON);
        assertThat(full.exec()).endsWith("\uFFFD\"");
        assertThat(Rows.write(TABLE, full)).isEqualTo(Rows.FULL_JSON);
        assertThat(full.usage()).isEqualTo(Rows.FULL.usage());
        assertThat(full.signs()).isEqualTo(Rows.FULL.signs());
        assertThat(full.history()).isEqualTo(Rows.FULL.history());
        assertThat(Rows.read(TABLE, Rows.BARE_JSON)).isEqualTo(Rows.BARE);
    }

    @Test
    void keysOfANewerMonitorAndNullsAreSkipped() {
        String newer =
                Rows.BARE_JSON.replaceFirst(
                        "\\{", "{\"news\":[{\"x\":1}],\"pid\":null,\"next\":null,");
        assertThat(Rows.read(TABLE, newer)).isEqualTo(Rows.BARE);
    }

    @Test
    void aKeyOfTheWrongTypeIsRefused() {
        assertThatThrownBy(() -> Rows.read(TABLE, "{\"pid\":\"seven\"}"))
                .isInstanceOf(JacksonException.class);
    }

    @Test
    void everyLineOfAStatusHasItsPlace() {
        assertThat(TABLE.lines(Rows.FULL))
                .extracting(line -> line.label() + ": " + line.words())
                .containsExactly(
                        "cause: why",
                        "since: 2026-01-01T00:00:00.000Z",
                        "pid: 7 (gone)",
                        "runs: 9",
                        "command: " + Rows.FULL.exec(),
                        "last exit: code 3 after 1ms, at 2026-01-01T00:00:01.000Z"
                                + " (user 2ms, system 3ms, at most 4 KiB)",
                        "next: restart in 1s",
                        "ready: no",
                        "health: unhealthy: refused",
                        "says: busy",
                        "main pid: 11",
                        "ignored: not its own",
                        "depends on: a, b",
                        "orphan: no longer in the configuration",
                        "hook: on_failure: exited with code 1",
                        "not kept: no room",
                        "output: 1099511627776 bytes lost so far: cannot write \"x\"");
        assertThat(TABLE.lines(Rows.BARE))
                .extracting(FieldTable.Line::label)
                .containsExactly("cause", "since", "pid", "runs", "command");
    }
}
