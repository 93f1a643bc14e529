package org.procmon.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
    void distinguishesASignalFromAnExitCode() {
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

    /** However many this process has: they would be copied and closed at each start. */
    @Test
    void theThreadsThatMakeChildrenHaveHardlyAnyDescriptors() throws IOException {
        List<Descriptor> many = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                many.add(((Descriptor.Result.Opened) Descriptor.look("/dev/null")).descriptor());
            }
            Spawn.Stream none = new Spawn.Stream.DevNull();
            Spawn.Streams streams = new Spawn.Streams(none, none, none);
            assertThat(reap(spawn("exit 7", streams, List.of(), true)).code()).isEqualTo(7);
            assertThat(descriptorsOf("spawner"))
                    .isNotEmpty()
                    .allSatisfy(all -> assertThat(all).hasSizeLessThanOrEqualTo(2));
        } finally {
            many.forEach(Descriptor::close);
        }
    }

    private static List<List<Path>> descriptorsOf(String threads) throws IOException {
        List<List<Path>> descriptors = new ArrayList<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : (Iterable<Path>) tasks::iterator) {
                try {
                    if (Files.readString(task.resolve("comm")).strip().equals(threads)) {
                        try (Stream<Path> open = Files.list(task.resolve("fd"))) {
                            descriptors.add(open.toList());
                        }
                    }
                } catch (IOException _) {
                    // A thread that has ended meanwhile.
                }
            }
        }
        return descriptors;
    }

    /** The first one opens a FIFO that nobody reads. */
    @Test
    void twoChildrenAreMadeAtATime() throws Exception {
        String fifo = folder.resolve("mark").toString();
        opened(Fifo.open(fifo)).close();
        Spawn.Stream none = new Spawn.Stream.DevNull();
        Spawn.Request free =
                new Spawn.Request(
                        List.of("true"),
                        ENV,
                        more,
                        Optional.empty(),
                        new Spawn.Streams(none, none, none),
                        List.of(),
                        Optional.empty(),
                        true);
        Spawn.Begun heldUp = Spawn.begin(free.with(fifo));
        CompletableFuture<Spawn.Result> next = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> next.complete(Spawn.spawn(free)));
        try {
            reap(next.get(30, TimeUnit.SECONDS));
        } finally {
            Files.newInputStream(Path.of(fifo)).close();
        }
        reap(heldUp.await());
        assertThat(descriptorsOf("spawner"))
                .hasSize(2)
                .allSatisfy(all -> assertThat(all).hasSizeLessThanOrEqualTo(2));
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

    @Test
    void theChildOpensItsStreamsItself() throws IOException {
        String fifo = folder.resolve("fifo").toString();
        try (Descriptor reader = ((Descriptor.Result.Opened) Fifo.open(fifo)).descriptor()) {
            Spawn.Streams streams =
                    new Spawn.Streams(
                            new Spawn.Stream.DevNull(),
                            new Spawn.Stream.OpenReadWrite(fifo),
                            new Spawn.Stream.SameAsOut());
            String script = "echo out; echo err >&2; readlink /proc/$$/fd/1 /proc/$$/fd/2";
            assertThat(reap(spawn(script, streams, List.of(), true)).code()).isZero();

            Buffer buffer = new Buffer(1000);
            int count = (int) new Transfer().read(reader, buffer, 1000);
            byte[] bytes = new byte[count];
            buffer.copyTo(bytes, 0, count);
            assertThat(new String(bytes, StandardCharsets.UTF_8))
                    .isEqualTo("out\nerr\n" + fifo + "\n" + fifo + "\n");
        }
    }

    @Test
    void heldDescriptorsBecomeThreeAndWhatFollowsInTheirOrder() throws IOException {
        List<Descriptor> held = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            held.add(opened(Descriptor.append(folder.resolve("held" + i).toString())));
        }
        List<Descriptor> mixed = new ArrayList<>(held);
        Collections.shuffle(mixed, new Random(5));
        String script =
                "for f in $(seq 3 22); do readlink /proc/$$/fd/$f; done; [ ! -e /proc/$$/fd/23 ]";
        try (Descriptor out = opened(Descriptor.append(folder.resolve("out").toString()))) {
            assertThat(reap(spawn(script, to(out), mixed, true)).code()).isZero();
        }
        StringBuilder expected = new StringBuilder();
        for (Descriptor descriptor : mixed) {
            Path self = Path.of("/proc/self/fd/" + descriptor.number());
            expected.append(Files.readSymbolicLink(self)).append('\n');
            descriptor.close();
        }
        assertThat(output()).isEqualTo(expected.toString());
    }

    @Test
    void aChildMayStayInTheSession() throws IOException {
        try (Descriptor out = opened(Descriptor.append(folder.resolve("out").toString()))) {
            reap(spawn("cut -d' ' -f6 /proc/$$/stat", to(out), List.of(), false));
        }
        int own = ProcessStat.of(CurrentProcess.pid()).orElseThrow().session();
        assertThat(output()).isEqualTo(own + "\n");
    }

    @Test
    void aChildMayHaveAFifoOpenAsAnyNumber() throws IOException {
        String path = folder.resolve("line").toString();
        try (Descriptor fifo = opened(Fifo.open(path));
                Descriptor out = opened(Descriptor.append(folder.resolve("out").toString()))) {
            assertThat(fifo.number()).isPositive();
            Spawn.Request request =
                    new Spawn.Request(
                            List.of("sh", "-c", "readlink /proc/$$/fd/9; ls /proc/$$/fd"),
                            ENV,
                            more,
                            Optional.empty(),
                            to(out),
                            List.of(),
                            Optional.empty(),
                            true,
                            Optional.of(new Spawn.Further(9, path)));
            reap(Spawn.spawn(request));
        }
        assertThat(output()).isEqualTo(path + "\n0\n1\n2\n9\n");
    }

    private static Spawn.Streams to(Descriptor out) {
        return new Spawn.Streams(
                new Spawn.Stream.DevNull(),
                new Spawn.Stream.Held(out),
                new Spawn.Stream.SameAsOut());
    }

    private static Descriptor opened(Descriptor.Result result) {
        return ((Descriptor.Result.Opened) result).descriptor();
    }

    private Spawn.Result spawn(
            String script, Spawn.Streams streams, List<Descriptor> held, boolean ownSession) {
        return Spawn.spawn(
                new Spawn.Request(
                        List.of("sh", "-c", script),
                        ENV,
                        more,
                        Optional.empty(),
                        streams,
                        held,
                        Optional.empty(),
                        ownSession));
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
                            argv, ENV, more, cwd, to(out), List.of(), Optional.empty(), true));
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
