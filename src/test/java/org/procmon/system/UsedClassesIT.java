package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A monitor uses the classes of a feature only if a process asks for it. The classes that it
 * initializes are what counts: those of its cache are mapped at the start, used or not.
 */
class UsedClassesIT {
    /** Somewhat more than the classes of procmon that a monitor of one plain process uses, 474. */
    private static final int MOST_OWN_CLASSES = 480;

    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "org/procmon/hooks/RunHooks | 'hooks': {'before_start': 'true'}",
                "org/procmon/hooks/FailureHooks | 'hooks': {'on_failure': 'true'}",
                "org/procmon/readiness/ReadinessMonitor | 'ready': {'file': '/'}",
                "org/procmon/usage/MemoryWatch | 'memory_max': '1GB'",
                "org/procmon/trigger/watch/WatchedFiles | 'watch': ['/etc/hosts']",
                "org/procmon/trigger/schedule/Schedules | 'schedule': {'start': '0 0 1 1 *'}",
                "org/quartz/ | 'schedule': {'restart': '0 0 1 1 *'}",
            })
    void aFeatureIsUsedOnlyIfAProcessAsksForIt(String classes, String key) throws Exception {
        assertThat(used("without", "'wait': 0", "")).doesNotContain("'" + classes);
        assertThat(used("with", key, "'" + classes)).contains("'" + classes);
    }

    @Test
    void aMonitorOfPlainProcessesUsesOnlyTheCore() throws Exception {
        String used = used("plain", "'wait': 0", "");
        assertThat(used)
                .contains("'org/procmon/supervise/EventLoop'")
                .doesNotContain("'org/procmon/importing/")
                .doesNotContain("'org/procmon/web/")
                .doesNotContain("'org/procmon/fastcgi/")
                .doesNotContain("'org/procmon/pool/")
                .doesNotContain("'org/procmon/posix/socket/")
                .doesNotContain("'tools/jackson/databind/");
        long own = used.lines().filter(line -> line.contains("Initializing 'org/procmon/")).count();
        assertThat(own).isBetween(100L, (long) MOST_OWN_CLASSES);
    }

    /**
     * The lines of the JVM about the classes that a monitor has used once its process runs, and
     * once it has used some that it surely needs: a feature may start on a thread of its own.
     */
    private String used(String name, String key, String needed) throws Exception {
        Path own = Files.createDirectories(folder.resolve(name));
        Path log = own.resolve("classes");
        String[] logging =
                TestMonitor.after("export PROCMON_JAVA_OPTIONS=-Xlog:class+init=info:file=" + log);
        try (TestMonitor monitor =
                TestMonitor.start(
                        own, Config.of(Config.program("web", "sleep 1000", key)), logging)) {
            patiently().until(() -> monitor.row("web").runcount() > 0 || key.contains("'start'"));
            patiently().until(() -> Files.readString(log).contains(needed));
            return Files.readString(log);
        }
    }
}
