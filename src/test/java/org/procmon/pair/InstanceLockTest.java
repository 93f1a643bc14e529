package org.procmon.pair;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.posix.CurrentProcess;
import org.slf4j.Logger;

class InstanceLockTest {
    @TempDir Path folder = Path.of("");

    @Test
    void aProcessIsNoOtherMonitorToItself() throws IOException {
        Path state = Files.createDirectory(folder.resolve("state"));
        try (InstanceLock _ = InstanceLock.join(state);
                InstanceLock _ = InstanceLock.join(state)) {
            assertThat(InstanceLock.others(state)).isEmpty();
        }
    }

    @Test
    void aMonitorWithoutItsDirectoryBlocksOthers() throws Exception {
        Path state = folder.resolve("state");
        Process other = monitorOf(state);
        try {
            assertThat(InstanceLock.others(state)).containsExactly((int) other.pid());
            assertThatThrownBy(() -> StateFolder.open(state, CurrentProcess.uid()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("monitors, pid " + other.pid())
                    .hasMessageContaining(state.toString())
                    .hasMessageContaining("--take-over");
            assertThat(InstanceLock.others(folder.resolve("another"))).isEmpty();
        } finally {
            other.destroyForcibly();
            assertThat(other.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
        StateFolder.open(state, CurrentProcess.uid()).close();
    }

    /** A process that is a monitor of a folder as far as others can tell. */
    private static Process monitorOf(Path state) throws IOException {
        Process process =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                classPath(),
                                Joined.class.getName(),
                                state.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        assertThat(process.getInputStream().read()).isEqualTo('+');
        return process;
    }

    private static String classPath() {
        return Stream.of(InstanceLockTest.class, InstanceLock.class, Logger.class)
                .map(type -> type.getProtectionDomain().getCodeSource().getLocation().getPath())
                .collect(joining(":"));
    }

    /** Joins the monitors of a folder, says so, and waits for its end. */
    static final class Joined {
        private Joined() {}

        public static void main(String[] arguments) throws IOException {
            try (InstanceLock _ = InstanceLock.join(Path.of(arguments[0]))) {
                System.out.write('+');
                System.out.flush();
                int _ = System.in.read();
            }
        }
    }
}
