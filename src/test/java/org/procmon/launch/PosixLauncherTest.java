package org.procmon.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.config.Checks;
import org.procmon.config.Exec;
import org.procmon.config.InputSpec;
import org.procmon.config.Probe;
import org.procmon.config.ProcessSpec;
import org.procmon.config.Readiness;
import org.procmon.config.ReadySignal;
import org.procmon.config.SpecBuilder;
import org.procmon.config.pool.ListenerPass;
import org.procmon.lifecycle.StartError;
import org.procmon.output.OutputCapture;
import org.procmon.posix.Children;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Signals;
import org.procmon.posix.socket.TestListeners;
import org.procmon.supervise.port.Launcher.Launched;
import org.procmon.supervise.port.NotifyProvider;

/** The words for what cannot be started. What can be is shown by the tests of the whole program. */
class PosixLauncherTest {
    @TempDir Path folder;

    @Test
    void aMissingProgramIsNamed() {
        assertThat(reason("/no/such/program", Optional.empty()))
                .isEqualTo("cannot execute '/no/such/program': No such file or directory");
    }

    @Test
    void aProgramThatIsNowhereInThePathIsNamed() {
        assertThat(reason("no-such-program", Optional.empty()))
                .isEqualTo(
                        "cannot execute 'no-such-program': not found in PATH, which is"
                                + " /bin:/usr/bin");
    }

    @Test
    void aFileThatIsNotExecutableIsNamed() throws IOException {
        Path plain = Files.createFile(folder.resolve("plain"));
        assertThat(reason(plain.toString(), Optional.empty()))
                .isEqualTo("cannot execute '" + plain + "': Permission denied");
    }

    @Test
    void aMissingFolderIsNotTakenForAMissingProgram() {
        assertThat(reason("true", Optional.of(Path.of("/no/such/folder"))))
                .isEqualTo("cannot change to folder '/no/such/folder': No such file or directory");
    }

    @Test
    void aMissingInterpreterIsNotTakenForAMissingProgram() throws IOException {
        Path script = Files.writeString(folder.resolve("script"), "#!/no/such/interpreter\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(reason(script.toString(), Optional.empty()))
                .isEqualTo(
                        "cannot execute '"
                                + script
                                + "': its interpreter '/no/such/interpreter' does not exist");
    }

    @Test
    void aFileOfAnotherFormatIsNamed() throws IOException {
        Path data = Files.write(folder.resolve("data"), new byte[] {1, 2, 3, 4});
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(reason(data.toString(), Optional.empty()))
                .isEqualTo("cannot execute '" + data + "': Exec format error");
    }

    @Test
    void onlyErrorsForAPersonAreLasting() throws IOException {
        assertThat(launched("no-such-program").lasting()).isTrue();
        Path data = Files.write(folder.resolve("data"), new byte[] {1, 2, 3, 4});
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(launched(data.toString()).lasting()).isTrue();
        Path busy = Files.copy(Path.of("/bin/true"), folder.resolve("busy"));
        try (FileChannel writer = FileChannel.open(busy, StandardOpenOption.WRITE)) {
            assertThat(writer.isOpen()).isTrue();
            StartError error = launched(busy.toString());
            assertThat(error.reason()).endsWith("Text file busy");
            assertThat(error.lasting()).isFalse();
        }
    }

    private StartError launched(String program) {
        ProcessSpec spec = SpecBuilder.process("web").program(program).build();
        return ((Launched.NotStarted) launcher().launch(spec, 1)).error();
    }

    @Test
    void checksAStartWithoutStarting() throws IOException {
        assertThat(refusal("no-such-program", Optional.empty()))
                .contains(
                        "cannot execute 'no-such-program': not found in PATH, which is"
                                + " /bin:/usr/bin");
        assertThat(refusal("/no/such", Optional.empty()))
                .contains("cannot execute '/no/such': No such file or directory");
        assertThat(refusal("/usr", Optional.empty()))
                .contains("cannot execute '/usr': Permission denied");
        assertThat(refusal("sh", Optional.of(folder.resolve("none"))))
                .contains(
                        "cannot change to folder '" + folder + "/none': No such file or directory");
        assertThat(refusal("./own", Optional.of(folder)))
                .contains("cannot execute './own': No such file or directory");
        Path own = Files.writeString(folder.resolve("own"), "#!/bin/sh\n");
        assertThat(refusal("./own", Optional.of(folder)))
                .contains("cannot execute './own': Permission denied");
        Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(refusal("./own", Optional.of(folder))).isEmpty();
        assertThat(refusal("sh", Optional.empty())).isEmpty();
    }

    @Test
    void reportsAMissingReadinessChannelBeforeTheStart() {
        ProcessSpec spec = readyBy("/no/such/probe");
        StartError error = ((Launched.NotStarted) launcher().launch(spec, 1)).error();
        assertThat(error.reason())
                .isEqualTo(
                        "cannot ask 'ready.exec': cannot execute '/no/such/probe': No such file or"
                                + " directory");
        assertThat(error.lasting()).isTrue();
        assertThat(launcher().refusal(spec)).contains(error);
        assertThat(launcher().refusal(readyBy("/etc/passwd")).map(StartError::reason))
                .contains(
                        "cannot ask 'ready.exec': cannot execute '/etc/passwd': Permission denied");
        assertThat(launcher().refusal(readyBy("true"))).isEmpty();
    }

    @Test
    void aWorkerHasItsListenerAsStandardInput() throws IOException {
        Path output = folder.resolve("output");
        try (Descriptor listener = TestListeners.at(folder.resolve("s"))) {
            ProcessSpec spec =
                    worker("sh", "-c", "readlink /proc/self/fd/0 >" + output + "; exec sleep 1000");
            Launched launched = launcher(_ -> Optional.of(listener)).launch(spec, 1);
            int pid = ((Launched.Started) launched).pid();
            try {
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> Files.exists(output) && Files.size(output) > 0);
                assertThat(Files.readString(output))
                        .isEqualTo("socket:[" + TestListeners.inode(listener) + "]\n");
            } finally {
                Signals.sendToGroup(pid, 9);
                await().atMost(Duration.ofSeconds(60)).until(() -> Children.reap(pid).isPresent());
            }
        }
    }

    @Test
    void aWorkerWithoutAListenerIsNotStartedAndMayBeTriedAgain() {
        Launched launched = launcher(WorkerListeners.NONE).launch(worker("true"), 1);
        StartError error = ((Launched.NotStarted) launched).error();
        assertThat(error.reason()).isEqualTo("the listening socket of its pool is not open");
        assertThat(error.lasting()).isFalse();
    }

    private static ProcessSpec worker(String... argv) {
        return SpecBuilder.process("php.1")
                .program(argv)
                .stdin(new InputSpec.Listener("php", ListenerPass.FD0))
                .build();
    }

    private PosixLauncher launcher(WorkerListeners listeners) {
        Reaper reaper = new Reaper();
        return new PosixLauncher(
                reaper,
                Cgroups.none(reaper),
                new OutputCapture(folder.resolve("fifo"), folder),
                folder.resolve("started"),
                Map.of(),
                Map.of(),
                NotifyProvider.NONE,
                listeners);
    }

    private static ProcessSpec readyBy(String program) {
        Probe probe = new Probe.Run(new Exec(program, List.of(program)));
        Duration second = Duration.ofSeconds(1);
        Readiness ready = new Readiness(new ReadySignal.Answers(probe), second, second);
        return SpecBuilder.process("web")
                .program("true")
                .checks(new Checks(Optional.of(ready), Optional.empty(), Optional.empty()))
                .build();
    }

    private Optional<String> refusal(String program, Optional<Path> cwd) {
        SpecBuilder builder = SpecBuilder.process("web").program(program);
        cwd.ifPresent(builder::cwd);
        return launcher().refusal(builder.build()).map(StartError::reason);
    }

    private PosixLauncher launcher() {
        return new PosixLauncher(
                new Reaper(),
                new OutputCapture(folder.resolve("fifo"), folder),
                folder.resolve("started"),
                Map.of(),
                Map.of());
    }

    private String reason(String program, Optional<Path> cwd) {
        SpecBuilder builder = SpecBuilder.process("web").program(program);
        cwd.ifPresent(builder::cwd);
        ProcessSpec spec = builder.build();
        Launched launched = launcher().launch(spec, 1);
        return ((Launched.NotStarted) launched).error().reason();
    }
}
