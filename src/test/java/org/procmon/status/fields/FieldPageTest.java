package org.procmon.status.fields;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.procmon.control.protocol.ReloadPlan;

/**
 * The interface description and docs/reference/fields.md say what the tables say. To bring them up
 * to date, run this with {@code -Dprocmon.write=true}.
 */
class FieldPageTest {
    private static final Path INTERFACE =
            Path.of("src/main/resources/org/procmon/org.procmon.Monitor.varlink");
    private static final Path REFERENCE = Path.of("docs/reference/fields.md");

    /** Longer labels would not fit into their column. */
    private static final int LONGEST_LABEL = 11;

    /** A table, and its heading in the reference. */
    record Section(FieldTable<?> table, String heading) {
        @Override
        public String toString() {
            return table.name();
        }
    }

    static List<Section> sections() {
        return List.of(
                new Section(ProcessFields.TABLE, "## A process"),
                new Section(LastExit.TABLE, "## last_exit"),
                new Section(NextChange.TABLE, "## next"),
                new Section(LostOutput.TABLE, "## output"),
                new Section(Explanation.TABLE, "## An explanation"),
                new Section(Explanation.Link.TABLE, "## chain"),
                new Section(PoolFields.TABLE, "## A pool"),
                new Section(PoolQueueFields.TABLE, "## queue"),
                new Section(PoolCounterFields.TABLE, "## counters"),
                new Section(PoolRollFields.TABLE, "## last_roll"),
                new Section(PoolWorkerRow.TABLE, "## workers"),
                new Section(PoolExplanation.TABLE, "## The explanation of a pool"),
                new Section(ReloadPlan.TABLE, "## The plan of a reload"),
                new Section(ReloadPlan.Change.TABLE, "## changes"));
    }

    @ParameterizedTest
    @MethodSource("sections")
    void theInterfaceHasTheType(Section section) throws IOException {
        String text = Files.readString(INTERFACE);
        int from = text.indexOf("\ntype %s (".formatted(section.table().name())) + 1;
        assertThat(from).as("the place of the type").isPositive();
        int after = text.indexOf("\n)\n", from) + 3;
        hold(INTERFACE, text, from, after, FieldPages.varlink(section.table()));
    }

    @ParameterizedTest
    @MethodSource("sections")
    void theReferenceHasTheTable(Section section) throws IOException {
        String text = Files.readString(REFERENCE);
        int heading = text.indexOf("\n%s\n".formatted(section.heading()));
        int from = text.indexOf("\n|", heading) + 1;
        assertThat(heading).as("the place of the heading").isPositive();
        int blank = text.indexOf("\n\n", from);
        int after = blank < 0 ? text.length() : blank + 1;
        hold(REFERENCE, text, from, after, FieldPages.reference(section.table()));
    }

    private static void hold(Path file, String text, int from, int after, String expected)
            throws IOException {
        if (Boolean.getBoolean("procmon.write")) {
            Files.writeString(file, text.substring(0, from) + expected + text.substring(after));
            return;
        }
        assertThat(text.substring(from, after))
                .as("%s differs from the table; run this test with -Dprocmon.write=true", file)
                .isEqualTo(expected);
    }

    @Test
    void everyFieldIsExplainedAndFits() {
        for (Section section : sections()) {
            assertThat(section.table().fields())
                    .allSatisfy(field -> {
                        assertThat(field.description()).as(field.name()).isNotBlank();
                        assertThat(label(field)).hasSizeLessThanOrEqualTo(LONGEST_LABEL);
                    });
        }
    }

    private static <R, V> String label(Field<R, V> field) {
        return field.shown().map(Field.Shown::label).orElse("");
    }

    @Test
    void aMetricHasOneField() {
        assertThat(sections().stream().flatMap(section -> metrics(section.table())).toList())
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("[a-z_]+"));
    }

    private static Stream<String> metrics(FieldTable<?> table) {
        return table.fields().stream().map(Field::metric).filter(name -> !name.isEmpty());
    }
}
