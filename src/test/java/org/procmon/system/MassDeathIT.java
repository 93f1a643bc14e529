package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.status.fields.ProcessRow;

/** Deaths that the kernel reports together. */
@Timeout(60)
class MassDeathIT {
    private static final int CHILDREN = 200;

    @TempDir Path folder = Path.of("");

    @Test
    void everyOneOfManyChildrenKilledAtOnceIsReplacedOnce() throws Exception {
        List<String> processes = new ArrayList<>();
        for (int i = 0; i < CHILDREN; i++) {
            processes.add(Config.program("p" + i, "sleep 1000", Config.KEPT));
        }
        try (TestMonitor monitor =
                TestMonitor.start(folder, Config.of(processes.toArray(String[]::new)))) {
            patiently().until(() -> alive(monitor, 1).size() == CHILDREN);
            List<Integer> first = alive(monitor, 1);

            TestProduct.signal("KILL", first);

            patiently().until(() -> alive(monitor, 2).size() == CHILDREN);
            assertThat(alive(monitor, 2)).doesNotContainAnyElementsOf(first);
            assertThat(Proc.supervised(monitor.pid()))
                    .hasSize(CHILDREN)
                    .noneMatch(child -> child.state() == 'Z');
        }
    }

    @Test
    void aKilledChildGetsANewPidAndAge() throws Exception {
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder, Config.of(Config.program("one", "sleep 1000", Config.KEPT)))) {
            ProcessRow before = monitor.awaitRun("one", 1);

            TestProduct.signal("KILL", before.pid());

            ProcessRow after = monitor.awaitRun("one", 2);
            assertThat(after.runcount()).isEqualTo(2);
            assertThat(after.run().restarts()).isEqualTo(1);
            assertThat(after.pid()).isNotEqualTo(before.pid());
            assertThat(Instant.parse(after.condition().since()))
                    .isAfter(Instant.parse(before.condition().since()));
            assertThat(after.lastExit().orElseThrow().signal()).contains("KILL");
            assertThat(monitor.cli("-o", "json").out())
                    .contains("\"name\": \"one\",\"pid\": " + after.pid() + ",\"runcount\": 2,");
        }
    }

    /** The pids of the processes that are in this run. */
    private static List<Integer> alive(TestMonitor monitor, long run) throws Exception {
        return monitor.rows().stream()
                .filter(r -> r.name().startsWith("p") && !r.name().startsWith("procmon"))
                .filter(r -> r.runcount() == run && r.state().equals("running"))
                .map(ProcessRow::pid)
                .toList();
    }
}
