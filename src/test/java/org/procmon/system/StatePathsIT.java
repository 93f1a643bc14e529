package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.procmon.status.fields.ProcessRow;

/** What happens when somebody removes or replaces the state folder under monitors that run. */
@Timeout(180)
class StatePathsIT extends Pairs {
    /** What is done to the state folder. */
    enum Blow {
        REMOVE_FOLDER {
            @Override
            void strike(Path state) throws IOException {
                while (Files.exists(state)) {
                    try {
                        removeAll(state);
                        return;
                    } catch (DirectoryNotEmptyException | NoSuchFileException _) {
                        // On a busy machine the monitor makes it again meanwhile.
                    }
                }
            }
        },
        REMOVE_CONTENT {
            @Override
            void strike(Path state) throws IOException {
                try (Stream<Path> entries = Files.list(state)) {
                    for (Path entry : entries.toList()) {
                        removeAll(entry);
                    }
                }
            }
        },
        REMOVE_SOCKET {
            @Override
            void strike(Path state) throws IOException {
                Files.delete(state.resolve("control.sock"));
            }
        },
        REMOVE_LOCK {
            @Override
            void strike(Path state) throws IOException {
                Files.delete(state.resolve("lock"));
            }
        },
        REMOVE_RECORDS {
            @Override
            void strike(Path state) throws IOException {
                removeAll(state.resolve("journal"));
            }
        },
        MOVE_AND_REPLACE {
            @Override
            void strike(Path state) throws IOException {
                Files.move(state, state.resolveSibling("moved"));
                Files.createDirectory(state);
                Files.createFile(state.resolve("lock"));
                Files.createDirectory(state.resolve("journal"));
                Files.writeString(state.resolve("journal/web.json"), "not ours");
            }
        };

        abstract void strike(Path state) throws IOException;
    }

    static List<Arguments> blows() {
        List<Arguments> all = new ArrayList<>();
        for (Blow blow : Blow.values()) {
            all.add(Arguments.of("-f", blow));
            all.add(Arguments.of("--no-backup", blow));
        }
        all.add(Arguments.of("-F", Blow.REMOVE_FOLDER));
        return all;
    }

    @ParameterizedTest
    @MethodSource("blows")
    void monitorsSurviveRemovedPaths(String form, Blow blow) throws Exception {
        try (TestMonitor pair = start(form, talker())) {
            ProcessRow before = pair.awaitRun("web", 1);
            if (!form.equals("--no-backup")) {
                settledBackup(pair);
            }

            blow.strike(pair.state());

            assertThat(secondStart(pair).code()).isNotZero();
            eventually()
                    .until(() ->
                            pair.row("web").pid() == before.pid()
                                    && (pair.log().contains("restoring the lock file")
                                            || pair.log()
                                                    .contains("restoring the state directory")));
            assertThat(copies(pair)).containsExactly(before.pid());
            assertThat(secondStart(pair).err()).contains("another monitor, pid ");
            assertThat(pair.row("web").runcount()).isEqualTo(1);
            if (blow != Blow.REMOVE_LOCK) {
                assertThat(pair.cli("status", PRIMARY).out()).containsPattern("cause:.*folder");
            }

            surviveAKill(form, pair, before);
        }
    }

    @Test
    void pollsStatePathsWithoutInotify() throws Exception {
        String none = "echo 0 > /proc/sys/user/max_inotify_instances; exec \"$@\"";
        String file = configuration(talker());
        List<String> wrapper = List.of("unshare", "--map-root-user", "sh", "-c", none, "sh");
        try (TestMonitor monitor = TestMonitor.start(folder, wrapper, "run", "--no-backup", file)) {
            ProcessRow before = monitor.awaitRun("web", 1);

            Blow.REMOVE_SOCKET.strike(monitor.state());

            eventually().until(() -> monitor.row("web").pid() == before.pid());
            assertThat(monitor.log())
                    .contains("cannot watch the state directory, polling it instead");
        }
    }

    /** In which state the folder is by the time that others take over. */
    enum Removal {
        MADE_AGAIN,
        STOPPED_BEFORE,
        ALL_STOPPED_BEFORE
    }

    static List<Arguments> takeOvers() {
        List<Arguments> all = new ArrayList<>();
        for (Removal removal : Removal.values()) {
            all.add(Arguments.of("-f", removal, "-f"));
        }
        all.add(Arguments.of("-F", Removal.STOPPED_BEFORE, "-F"));
        all.add(Arguments.of("--no-backup", Removal.MADE_AGAIN, "--no-backup"));
        all.add(Arguments.of("--no-backup", Removal.STOPPED_BEFORE, "-f"));
        return all;
    }

    @ParameterizedTest
    @MethodSource("takeOvers")
    void othersTakeOverAlthoughTheFolderWasRemoved(String form, Removal removal, String next)
            throws Exception {
        String file = folder.resolve("procmon.json").toString();
        try (TestMonitor first = start(form, talker(", \"instances\": 2"))) {
            first.awaitRun("web.2", 1);
            assertThat(first.cli("scale", "web", "3").code()).isZero();
            first.awaitRun("web.3", 1);
            List<Integer> monitors = new ArrayList<>(List.of(first.row(PRIMARY).pid()));
            if (!form.equals("--no-backup")) {
                monitors.add(settledBackup(first).pid());
            }
            List<Integer> before = pids(first);

            if (removal == Removal.MADE_AGAIN) {
                removeAtOnce(first.state());
                eventually().until(() -> first.log().contains("restoring the state directory"));
                eventually().until(() -> pids(first).equals(before));
            } else {
                int stopped = removal == Removal.STOPPED_BEFORE ? 1 : monitors.size();
                TestProduct.signal("STOP", monitors.subList(0, stopped));
                removeAtOnce(first.state());
            }

            try (TestMonitor second =
                    next.startsWith("--")
                            ? TestMonitor.start(folder, List.of(), "run", next, "--take-over", file)
                            : TestMonitor.start(folder, List.of(), next, file, "--take-over")) {
                // Those that are not stopped answer until they are ended.
                eventually().until(() -> monitors.stream().allMatch(Proc::hasEnded));
                eventually().until(() -> pids(second).equals(copies(second)));
                assertThat(pids(second)).startsWith(before.get(0), before.get(1));
                assertThat(second.row("web.1").runcount()).isEqualTo(1);
                if (removal == Removal.MADE_AGAIN) {
                    assertThat(pids(second)).isEqualTo(before);
                }
                second.must("-x");
                assertNothingIsLeft(second);
            }
        }
    }

    /** Of all instances, in their order. */
    private static List<Integer> pids(TestMonitor monitor) throws Exception {
        return monitor.rows().stream()
                .filter(row -> row.name().startsWith("web") && row.isAlive())
                .map(ProcessRow::pid)
                .sorted()
                .toList();
    }

    /** The next primary has the same process, and its output. */
    private void surviveAKill(String form, TestMonitor pair, ProcessRow before) throws Exception {
        if (form.equals("--no-backup")) {
            pair.kill();
            try (TestMonitor second = start(form, talker())) {
                assertKept(second, before);
            }
        } else {
            settledBackup(pair);
            int killed = kill(pair, PRIMARY);
            pair.awaitAnother(PRIMARY, killed);
            assertKept(pair, before);
            pair.must("-x");
            assertNothingIsLeft(pair);
        }
    }

    private void assertKept(TestMonitor monitor, ProcessRow before) throws Exception {
        assertThat(monitor.awaitRun("web", 1).pid()).isEqualTo(before.pid());
        assertThat(monitor.row("web").runcount()).isEqualTo(1);
        assertThat(copies(monitor)).containsExactly(before.pid());
        long heard = lastHeard(monitor);
        eventually().until(() -> lastHeard(monitor) > heard);
    }

    private static long lastHeard(TestMonitor monitor) throws IOException {
        String last = monitor.cli("tail", "-n", "1", "web").out().strip();
        return last.isEmpty() ? 0 : Long.parseLong(last);
    }

    private Outcome secondStart(TestMonitor monitor) throws IOException {
        return monitor.cli("run", "--no-backup", monitor.file("procmon.json").toString());
    }

    private static List<Integer> copies(TestMonitor monitor) {
        return Proc.having("PROCMON_STATE_DIR=" + monitor.state()).stream()
                .filter(pid -> Proc.commandLine(pid).contains("talker"))
                .filter(pid -> !Proc.hasEnded(pid))
                .sorted()
                .toList();
    }

    private static String talker() {
        return talker("");
    }

    private static String talker(String keys) {
        return Config.of(
                "{\"id\": \"web\""
                        + keys
                        + ", \"monitored\": true, \"exec\": [\"perl\", \"-e\","
                        + " \"$|=1; while(1){print ++$i,qq(\\\\n);select(undef,undef,undef,0.05)}\","
                        + " \"talker\"]}");
    }

    /** Monitors make again what is removed from a folder that is still there. */
    private static void removeAtOnce(Path state) throws IOException {
        Path gone = state.resolveSibling("gone");
        Files.move(state, gone);
        removeAll(gone);
    }

    static void removeAll(Path path) throws IOException {
        try (Stream<Path> all = Files.walk(path)) {
            for (Path entry : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(entry);
            }
        }
    }
}
