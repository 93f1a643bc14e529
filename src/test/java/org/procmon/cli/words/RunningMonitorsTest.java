package org.procmon.cli.words;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunningMonitorsTest {
    private static final String HEAD = "Num       RefCount Protocol Flags    Type St Inode Path\n";

    @TempDir Path folder = Path.of("");

    @Test
    void namesTheDirectoriesOfThoseThatListenAndAreAlive() throws IOException {
        Files.createDirectories(folder.resolve("proc/12"));
        Files.createDirectories(folder.resolve("proc/net"));
        Path own = state("st ate", "12\n");
        Path dead = state("dead", "13\n");
        Path other = state("other", "no pid");
        Files.writeString(
                folder.resolve("proc/net/unix"),
                HEAD
                        + listening(own + "/control.sock")
                        + listening(dead + "/control.sock")
                        + listening(other + "/control.sock")
                        + listening("@/abstract/control.sock")
                        + listening("control.sock")
                        + listening("")
                        + listening(own + "/other.sock")
                        + line("00000000", state("client", "12") + "/control.sock"));

        assertThat(RunningMonitors.hint(folder.resolve("proc")))
                .isEqualTo("; running: --state-dir " + own + " (pid 12)");
    }

    @Test
    void withoutAnySaysHowToStartOne() {
        assertThat(RunningMonitors.hint(folder))
                .isEqualTo(
                        "; 'procmon run FILE' starts one, --state-dir or PROCMON_STATE_DIR names"
                                + " another one's directory");
    }

    @Test
    void theListIsBounded() throws IOException {
        Files.createDirectories(folder.resolve("proc/1"));
        Files.createDirectories(folder.resolve("proc/net"));
        StringBuilder lines = new StringBuilder(HEAD);
        for (int i = 0; i < 9; i++) {
            lines.append(listening(state("m" + i, "1") + "/control.sock"));
        }
        Files.writeString(folder.resolve("proc/net/unix"), lines);
        assertThat(RunningMonitors.hint(folder.resolve("proc")))
                .contains("/m3 (pid 1) and others")
                .doesNotContain("/m4");
    }

    private Path state(String name, String lock) throws IOException {
        Path state = Files.createDirectories(folder.resolve(name));
        Files.writeString(state.resolve("lock"), lock);
        return state;
    }

    private static String listening(String path) {
        return line("00010000", path);
    }

    private static String line(String flags, String path) {
        return "00000000ba957fee: 00000002 00000000 " + flags + " 0001 01  1596 " + path + "\n";
    }
}
