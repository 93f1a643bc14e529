package org.procmon.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.config.Exec;
import org.procmon.config.ProcessSpec;
import org.procmon.config.SpecBuilder;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.ResourceUsage;
import org.procmon.posix.ProcessStat;
import org.procmon.supervise.port.ExitListener;
import org.procmon.supervise.port.HelperCommand;
import org.procmon.supervise.port.HelperCommand.Outcome;

/** Real programs. */
@Timeout(120)
class PosixHelperCommandsTest {
    private static final Duration LONG = Duration.ofSeconds(100);

    @TempDir Path folder = Path.of("");

    private final Reaper reaper = new Reaper();
    private Thread reaping = new Thread();
    private ProcessSpec web = SpecBuilder.process("web").build();

    @BeforeEach
    void begin() {
        web = SpecBuilder.process("web").cwd(folder).env(Map.of("COLOUR", "red")).build();
        reaping = Thread.ofPlatform().daemon().start(() -> reaper.reapFor(new Nobody()));
    }

    @AfterEach
    void end() throws InterruptedException {
        reaping.interrupt();
        // What it waits for is a child's end.
        CompletableFuture<Outcome> _ = errands().run(new HelperCommand(web, exec("true"), LONG));
        reaping.join();
    }

    @Test
    void reportsTheExit() {
        assertThat(run("exit 3", "", LONG)).isEqualTo(exited(3));
        assertThat(run("kill -TERM $$", "", LONG))
                .isEqualTo(new Outcome.Ended(new ExitStatus.Signaled(15)));
    }

    @Test
    void itFindsItsInputAndLeavesNoFile() throws IOException {
        assertThat(run("cat > got", "a story\n", LONG)).isEqualTo(exited(0));
        assertThat(folder.resolve("got")).hasContent("a story\n");
        try (Stream<Path> left = Files.list(folder.resolve("errand"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void itHasTheVariablesOfTheProcessButIsNoRunOfIt() {
        assertThat(run("echo $COLOUR $PROCMON_ID [$PROCMON_RUN] > got", "", LONG))
                .isEqualTo(exited(0));
        assertThat(folder.resolve("got")).hasContent("red web []\n");
    }

    @Test
    void itHasVariablesOfItsOwnBesideThem() {
        HelperCommand helperCommand =
                new HelperCommand(
                        web,
                        exec("sh", "-c", "echo $COLOUR $REASON $PROCMON_ID > got"),
                        "",
                        LONG,
                        Map.of("REASON", "why", "PROCMON_ID", "other"));
        assertThat(errands().run(helperCommand).join()).isEqualTo(exited(0));
        assertThat(folder.resolve("got")).hasContent("red why web\n");
    }

    @Test
    void itIsKilledWithItsGroupWhenItTakesTooLong() {
        Outcome outcome = run("sleep 1000 & echo $! > got; wait", "", Duration.ofMillis(300));
        assertThat(outcome).isEqualTo(new Outcome.TimedOut());
        awaitEnd(pidIn("got"));
    }

    @Test
    void toCancelItKillsItsGroup() {
        CompletableFuture<Outcome> outcome =
                errands()
                        .run(
                                errand(
                                        "sleep 1000 & echo $! > got.new; mv got.new got; wait",
                                        "",
                                        LONG));
        await().until(() -> Files.exists(folder.resolve("got")));
        assertThat(outcome.cancel(true)).isTrue();
        awaitEnd(pidIn("got"));
    }

    @Test
    void reportsWhyItDidNotStart() {
        Outcome missing =
                errands().run(new HelperCommand(web, exec("no-such-program"), LONG)).join();
        assertThat(reason(missing))
                .isEqualTo(
                        "cannot execute 'no-such-program': not found in PATH, which is"
                                + " /usr/bin:/bin");
        web = SpecBuilder.process("web").cwd(Path.of("/no/such/folder")).build();
        assertThat(reason(run("true", "", LONG)))
                .isEqualTo("cannot change to folder '/no/such/folder': No such file or directory");
    }

    private static String reason(Outcome outcome) {
        return ((Outcome.NotStarted) outcome).error().reason();
    }

    private Outcome run(String script, String input, Duration limit) {
        return errands().run(errand(script, input, limit)).join();
    }

    private HelperCommand errand(String script, String input, Duration limit) {
        return new HelperCommand(web, exec("sh", "-c", script), input, limit);
    }

    private PosixHelperCommands errands() {
        return new PosixHelperCommands(
                reaper, folder.resolve("errand"), Map.of("PATH", "/usr/bin:/bin"));
    }

    private static Exec exec(String... words) {
        return new Exec(String.join(" ", words), List.of(words));
    }

    private int pidIn(String file) {
        try {
            return Integer.parseInt(Files.readString(folder.resolve(file)).strip());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A zombie that nobody reaps has ended too. */
    private static void awaitEnd(int pid) {
        await().until(() -> ProcessStat.of(pid).map(ProcessStat::hasEnded).orElse(true));
    }

    private static Outcome exited(int code) {
        return new Outcome.Ended(new ExitStatus.Exited(code));
    }

    private record Nobody() implements ExitListener {
        @Override
        public void leaderExited(
                String name, long run, ExitStatus status, ResourceUsage resourceUsage) {}

        @Override
        public void strangerExited() {}
    }
}
