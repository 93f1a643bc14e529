package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads what procmon exports as a user's program does: into records of its own, with Jackson
 * Databind. A key that the documentation does not list is an error.
 */
class JsonRecordsIT {
    record Exit(
            Optional<Integer> code,
            Optional<String> signal,
            Instant at,
            long runMs,
            long userMs,
            long systemMs,
            long maxRss) {}

    record Next(String what, Instant at, long inMs) {}

    record Row(
            String name,
            String state,
            String goal,
            int pid,
            long runcount,
            long restarts,
            Instant since,
            long ageMs,
            Optional<Long> uptimeMs,
            String exec,
            String cause,
            Optional<Exit> lastExit,
            Optional<Next> next,
            List<String> depends,
            Optional<Double> cpuPercent,
            Optional<Long> rss,
            Optional<Boolean> ready,
            Optional<String> group,
            Optional<Integer> instance) {}

    record Upstream(String name, int pid, long runcount, String since, String state, String exec) {}

    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .build();

    @TempDir private Path folder;

    @Test
    void listBindsToRecords() throws Exception {
        String config =
                Config.of(
                        Config.program("web", "sleep 1000", "'ready': {'exec': 'true'}"),
                        Config.program("twice", "sleep 1000", "'instances': 2"),
                        Config.program("job", "false", "'restart': 'never'", "'depends': ['web']"));
        try (TestMonitor monitor = TestMonitor.start(folder, config)) {
            patiently().until(() -> monitor.row("job").state().equals("failed"));
            List<Row> rows =
                    List.of(MAPPER.readValue(monitor.cli("list", "--json").out(), Row[].class));
            assertThat(rows).extracting(Row::name).contains("web", "twice.1", "twice.2", "job");
            Row job =
                    rows.stream().filter(row -> row.name().equals("job")).findFirst().orElseThrow();
            assertThat(job.lastExit().orElseThrow().code()).contains(1);
            assertThat(job.depends()).containsExactly("web");
            assertThat(job.since()).isBefore(Instant.now().plusSeconds(60));
            Row second =
                    rows.stream()
                            .filter(row -> row.name().equals("twice.2"))
                            .findFirst()
                            .orElseThrow();
            assertThat(second.group()).contains("twice");
            assertThat(second.instance()).contains(2);
            Row web =
                    MAPPER.readValue(monitor.cli("status", "--json", "web").out(), Row[].class)[0];
            assertThat(web.state()).isEqualTo("running");
            assertThat(web.ready()).contains(true);
            assertThat(web.uptimeMs()).isPresent();
            Upstream[] upstream =
                    MAPPER.readValue(monitor.cli("-o", "json").out(), Upstream[].class);
            assertThat(upstream).extracting(Upstream::name).contains("web", "job");
        }
    }
}
