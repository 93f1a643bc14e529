package org.procmon.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A Java program becomes a shell, which tells what it was left. */
@Timeout(120)
class ProgramReplacementTest {
    private static final String TELL =
            """
            echo "pid $$ $GIVEN"
            while read -r key value; do
                case $key in SigBlk:) echo "blocked $value" ;; esac
            done </proc/$$/status
            for f in /proc/$$/fd/*; do [ ! -e $f ] || echo "fd ${f##*/} $(readlink $f)"; done
            echo end
            exec sleep 1000
            """;

    @TempDir Path folder = Path.of("");

    @Test
    void theProgramKeepsThePidTheLockAndTheListenerAndNothingElse() throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process process =
                new ProcessBuilder(
                                java.toString(),
                                "-Xshare:auto",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Becoming.class.getName(),
                                folder.toString())
                        .redirectErrorStream(true)
                        .start();
        try {
            List<String> told = read(process);
            String lock = " " + folder.toRealPath().resolve("lock");

            assertThat(told).first().isEqualTo("pid " + process.pid() + " a present");
            assertThat(told).contains("blocked 0000000000000000");
            List<String> descriptors = told.stream().filter(l -> l.startsWith("fd ")).toList();
            assertThat(descriptors)
                    .hasSize(4)
                    .anyMatch(l -> l.startsWith("fd 0 socket:"))
                    .anyMatch(l -> l.startsWith("fd 1 pipe:"))
                    .anyMatch(l -> l.startsWith("fd 2 pipe:"))
                    .anyMatch(l -> l.endsWith(lock));
            SocketChannel.open(UnixDomainSocketAddress.of(folder.resolve("socket"))).close();
            assertThat(isLocked()).isTrue();
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(isLocked()).isFalse();
    }

    @Test
    void whatCannotBeExecutedIsAnErrno() {
        // Marks this JVM's descriptors to be closed on exec, which they are anyhow.
        assertThat(
                        ProgramReplacement.replace(
                                List.of("/no/such/program"),
                                Environment.of(Map.of()),
                                Map.of(),
                                List.of(),
                                List.of()))
                .isEqualTo(Errno.ENOENT);
    }

    private boolean isLocked() {
        try (FileLock lock = lock(folder)) {
            return !lock.tryLock();
        }
    }

    private static List<String> read(Process process) throws IOException {
        List<String> lines = new ArrayList<>();
        BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
        for (String line = reader.readLine(); !"end".equals(line); line = reader.readLine()) {
            assertThat(line).as("after %s", lines).isNotNull();
            lines.add(line);
        }
        return lines;
    }

    private static FileLock lock(Path folder) {
        return ((FileLock.Result.Opened) FileLock.open(folder.resolve("lock").toString())).lock();
    }

    /** The program before it becomes another. */
    static final class Becoming {
        private Becoming() {}

        public static void main(String[] args) throws IOException {
            Path folder = Path.of(args[0]);
            FileLock lock = lock(folder);
            lock.lock();
            String path = folder.resolve("socket").toString();
            if (UnixListener.listen(path, 5) instanceof UnixListener.Result.Listening listening) {
                StandardStreams.setInput(listening.socket());
            }
            try (FileInputStream stray = new FileInputStream("/etc/passwd")) {
                Errno errno =
                        ProgramReplacement.replace(
                                List.of("/bin/sh", "-c", TELL),
                                Environment.of(Map.of("PATH", "/usr/bin:/bin")),
                                Map.of("GIVEN", "a present"),
                                List.of(),
                                List.of(lock.descriptor()));
                System.out.println(errno.words() + stray.available());
            }
        }
    }
}
