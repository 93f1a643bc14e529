package org.procmon.status.fields;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Index;
import org.junit.jupiter.api.Test;

class FieldTableTest {
    private final FieldTable.Builder<ProcessRow> copy =
            new FieldTable.Builder<>(ProcessFields.TABLE);
    private final List<Long> read = new ArrayList<>();

    /** What stands for the value that a record would have for the new field. */
    private static final long THREADS = 17;

    private final Field<ProcessRow, Long> threads =
            copy.field("threads", FieldType.LONG, _ -> THREADS)
                    .in("threads")
                    .means("how many `threads` it has")
                    .line(4, "threads");

    private final FieldTable<ProcessRow> table =
            copy.table(values -> {
                read.add(values.get(threads));
                return ProcessFields.row(values);
            });

    @Test
    void aNewFieldIsWritten() {
        assertThat(Rows.write(table, Rows.BARE))
                .isEqualTo(Rows.BARE_JSON.replace("]}", "],\"threads\":17}"));
    }

    @Test
    void aNewFieldIsRead() {
        Rows.read(table, Rows.write(table, Rows.BARE));
        Rows.read(table, Rows.BARE_JSON);
        assertThat(read).containsExactly(THREADS, 0L);
    }

    @Test
    void aNewFieldIsInTheInterface() {
        assertThat(FieldPages.varlink(table))
                .startsWith("type Process (\n  # its name\n  name: string,\n")
                .endsWith(",\n  # how many threads it has (threads)\n  threads: int\n)\n");
    }

    @Test
    void aNewFieldIsInTheReference() {
        assertThat(FieldPages.reference(table))
                .endsWith(
                        "\n| `threads` | `int` | threads | threads | how many `threads` it has |\n");
    }

    @Test
    void aNewFieldIsALineOfTheStatus() {
        assertThat(table.lines(Rows.BARE))
                .contains(new FieldTable.Line("threads", "17"), Index.atIndex(4));
    }

    @Test
    void twoFieldsOfOneNameAreAnError() {
        copy.field("pid", FieldType.INT, ProcessRow::pid);
        assertThatThrownBy(() -> copy.table(ProcessFields::row))
                .hasMessage("the table of Process has the key pid twice");
    }
}
