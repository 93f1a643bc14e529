package org.procmon.cli.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.procmon.status.fields.ProcessRow;
import org.procmon.status.fields.ProcessRow.Condition;
import org.procmon.status.fields.ProcessRow.Identity;
import org.procmon.status.fields.ProcessRow.Run;

class GraphTextTest {
    private final DependencyGraph graph =
            new DependencyGraph(
                    List.of(
                            row("procmon1", "running"),
                            row("db", "running"),
                            row("cache", "running"),
                            row("migrate", "failed", "db"),
                            row("web", "waiting", "cache", "migrate"),
                            row("proxy", "waiting", "web"),
                            row("alone", "stopped", "gone")));

    @Test
    void theGraphBeginsWithWhatNeedsNoOtherAndShowsEachBranchOnce() {
        assertThat(GraphText.ofAll(graph, false))
                .isEqualTo(
                        """
                        db: running
                        └─ migrate: failed
                           └─ web: waiting
                              └─ proxy: waiting
                        cache: running
                        └─ web: waiting ...
                        alone: stopped
                        """);
    }

    @Test
    void aTreeHasBothDirections() {
        assertThat(GraphText.ofOne(graph, "web", false))
                .isEqualTo(
                        """
                        web: waiting
                        ├─ needs
                        │  ├─ cache: running
                        │  └─ migrate: failed
                        │     └─ db: running
                        └─ needed by
                           └─ proxy: waiting
                        """);
        assertThat(GraphText.ofOne(graph, "alone", false))
                .isEqualTo("alone: stopped\n└─ needs\n   └─ gone: deleted\n");
        assertThat(GraphText.ofOne(graph, "proxy", true))
                .startsWith("proxy: \u001b[33mwaiting\u001b[0m\n");
    }

    @Test
    void mermaidHasAnArrowForEachDependency() {
        assertThat(MermaidText.of(graph.around(List.of("proxy"))))
                .startsWith(
                        """
                        flowchart TD
                          p0["db<br/>running"]:::running
                          p1["cache<br/>running"]:::running
                          p2["migrate<br/>failed"]:::failed
                          p3["web<br/>waiting"]:::waiting
                          p4["proxy<br/>waiting"]:::waiting
                          p0 --> p2
                          p1 --> p3
                          p2 --> p3
                          p3 --> p4
                          classDef\
                        """);
    }

    @Test
    void aLongChainDoesNotExhaustTheStack() {
        List<ProcessRow> chain = new ArrayList<>(List.of(row("p0", "running")));
        for (int i = 1; i < 5000; i++) {
            chain.add(row("p" + i, "running", "p" + (i - 1)));
        }
        DependencyGraph deep = new DependencyGraph(chain);
        assertThat(GraphText.ofAll(deep, false)).contains("p100: running ...\n");
        assertThat(GraphText.ofOne(deep, "p4999", false)).contains(" ...\n");
    }

    private static ProcessRow row(String name, String state, String... depends) {
        return new ProcessRow(
                new Identity(name, "sleep 1", List.of(depends), false, Optional.empty()),
                new Condition(state, "up", "", 1000, ""),
                new Run(1, 1, 0, OptionalLong.empty()));
    }
}
