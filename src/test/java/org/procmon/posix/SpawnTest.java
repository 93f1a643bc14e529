package org.procmon.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real children, started and reaped without the JDK's own process support. */
class SpawnTest {
    private static final Environment ENV =
            Environment.of(Map.of("PATH", "/usr/bin:/bin", "COLOUR", "deep blue"));

    @TempDir Path folder;
    private Map<String, String> more = Map.of();

    @Test
    void theExitCodeAndTheOutputComeBack() throws IOException {
        Children.Exit exit = run("echo \"$COLOUR\"; echo oops >&2; exit 7");
        assertThat(exit.code()).isEqualTo(7);
        assertThat(exit.signal()).isZero();
        assertThat(output()).isEqualTo("deep blue\noops\n");
    }

    @Test
    void aChildsOwnVariablesAddToThoseOfAllAndReplaceThem() throws IOException {
        more = Map.of("OWN", "yes");
        run("echo $OWN $COLOUR");
        more = Map.of("OWN", "too", "COLOUR", "red");
        run("echo $OWN $COLOUR; env | grep -c COLOUR");
        assertThat(output()).isEqualTo("yes deep blue\ntoo red\n1\n");
    }

    @Test
    void aSignalIsToldApartFromAnExitCode() {
        Children.Exit exit = run("kill -KILL $$");
        assertThat(exit.signal()).isEqualTo(9);
        assertThat(exit.code()).isZero();
    }

    @Test
    void processorTimeIsCounted() {
        Children.Exit exit = run("i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done");
        assertThat(exit.user().plus(exit.system())).isPositive();
    }

    @Test
    void theChildLeadsASessionAndHasNothingOnItsInput() throws IOException {
        run("cut -d' ' -f1,5,6 /proc/$$/stat; readlink /proc/$$/fd/0; cat");
        String[] lines = output().split("\n", -1);
        String[] ids = lines[0].split(" ", -1);
        assertThat(ids[1]).as("process group").isEqualTo(ids[0]);
        assertThat(ids[2]).as("session").isEqualTo(ids[0]);
        assertThat(lines[1]).isEqualTo("/dev/null");
    }

    @Test
    void theChildHasNoOtherDescriptors() throws IOException {
        try (var _ = Files.newByteChannel(Files.createFile(folder.resolve("open")))) {
            run("for f in 0 1 2 3 4 5 6 7 8 9 20 40; do [ -e /proc/$$/fd/$f ] && echo $f; done");
        }
        assertThat(output()).isEqualTo("0\n1\n2\n");
    }

    @Test
    void theChildStartsInItsFolder() throws IOException {
        Spawn.Result result = spawn(List.of("pwd"), Optional.of(folder.toRealPath().toString()));
        assertThat(reap(result).code()).isZero();
        assertThat(output()).isEqualTo(folder.toRealPath() + "\n");
    }

    @Test
    void whatCannotBeStartedIsAnErrnoAndNoException() throws IOException {
        Path plain = Files.createFile(folder.resolve("plain"));
        assertThat(errno(List.of("/no/such/program"), Optional.empty())).isEqualTo(2);
        assertThat(errno(List.of(plain.toString()), Optional.empty())).isEqualTo(13);
        assertThat(errno(List.of("true"), Optional.of("/no/such/folder"))).isEqualTo(2);
        assertThat(new Errno(2).words()).isEqualTo("No such file or directory");
    }

    @Test
    void anUnreapedChildKeepsItsPidAndItsGroup() {
        Spawn.Result result = spawn(List.of("true"), Optional.empty());
        int pid = ((Spawn.Result.Started) result).pid();
        await().until(() -> Children.awaitAnyEnded().isPresent());
        assertThat(Signals.processExists(pid)).isTrue();
        assertThat(Signals.groupExists(pid)).isTrue();
        assertThat(Children.reap(pid)).isPresent();
        assertThat(Signals.groupExists(pid)).isFalse();
        assertThat(Children.reap(pid)).isEmpty();
    }

    @Test
    void aSignalToTheGroupReachesEveryMember() throws IOException {
        Spawn.Result result =
                spawn(
                        List.of("sh", "-c", "sleep 1000 & sleep 1000 & echo ready; wait"),
                        Optional.empty());
        int pid = ((Spawn.Result.Started) result).pid();
        await().until(() -> output().equals("ready\n"));
        assertThat(Signals.sendToGroup(pid, 15)).isTrue();
        assertThat(reap(result).signal()).isEqualTo(15);
        await().until(() -> !Signals.groupExists(pid));
    }

    private Children.Exit run(String script) {
        return reap(spawn(List.of("sh", "-c", script), Optional.empty()));
    }

    private int errno(List<String> argv, Optional<String> cwd) {
        return ((Spawn.Result.NotStarted) spawn(argv, cwd)).errno().number();
    }

    private Spawn.Result spawn(List<String> argv, Optional<String> cwd) {
        Descriptor.Result file = Descriptor.append(folder.resolve("out").toString());
        try (Descriptor out = ((Descriptor.Result.Opened) file).descriptor()) {
            return Spawn.spawn(
                    new Spawn.Request(
                            argv,
                            ENV,
                            more,
                            cwd,
                            new Spawn.Streams(
                                    new Spawn.Stream.DevNull(),
                                    new Spawn.Stream.Held(out),
                                    new Spawn.Stream.SameAsOut()),
                            List.of(),
                            true));
        }
    }

    private static Children.Exit reap(Spawn.Result result) {
        int pid = ((Spawn.Result.Started) result).pid();
        return await().until(() -> Children.reap(pid), Optional::isPresent).orElseThrow();
    }

    private String output() throws IOException {
        return Files.readString(folder.resolve("out"));
    }
}
