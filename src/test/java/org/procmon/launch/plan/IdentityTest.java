package org.procmon.launch.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.procmon.launch.plan.Identities.identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.config.Capability;
import org.procmon.config.EnvFile;
import org.procmon.config.Limit;
import org.procmon.config.SpecBuilder;
import org.procmon.launch.PosixLauncher;
import org.procmon.launch.Reaper;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.ResourceUsage;
import org.procmon.output.OutputCapture;
import org.procmon.posix.CurrentProcess;
import org.procmon.posix.FileStatus;
import org.procmon.supervise.port.ExitListener;
import org.procmon.supervise.port.Launcher.Launched;

/** Real programs, started as what they are to be. What they find is what they print. */
@Timeout(120)
class IdentityTest {
    @TempDir Path folder = Path.of("");

    private final Reaper reaper = new Reaper();
    private final BlockingQueue<ExitStatus> ends = new LinkedBlockingQueue<>();
    private OutputCapture outputCapture =
            new OutputCapture(Path.of("/nowhere"), Path.of("/nowhere"));
    private Map<String, String> variables = new HashMap<>();
    private int runs;

    @BeforeEach
    void begin() {
        openOutputs();
        variables = new HashMap<>(Map.of("PATH", "/usr/bin:/bin", "COLOUR", "red", "HOME", "/h"));
        variables.put("PROCMON_STATE_DIR", folder.toString());
        Thread.ofPlatform().daemon().start(() -> reaper.reapFor(new Ends(ends)));
    }

    private void openOutputs() {
        outputCapture = new OutputCapture(folder.resolve("fifo"), folder.resolve("log"));
        outputCapture.start(Duration.ZERO, (_, e) -> e.printStackTrace());
    }

    @AfterEach
    void end() throws InterruptedException {
        outputCapture.drainAndClose(Duration.ofSeconds(10));
    }

    private record Ends(BlockingQueue<ExitStatus> ends) implements ExitListener {
        @Override
        public void leaderExited(
                String name, long run, ExitStatus status, ResourceUsage resourceUsage) {
            ends.add(status);
        }

        @Override
        public void strangerExited() {}
    }

    /** Runs a script to its end; the lines that it writes. */
    private List<String> lines(Identities identity, String script) throws Exception {
        return lines(identity, SpecBuilder.process("web" + ++runs).program("sh", "-c", script));
    }

    private List<String> lines(Identities identity, SpecBuilder spec) throws Exception {
        PosixLauncher launcher =
                new PosixLauncher(
                        reaper, outputCapture, folder.resolve("started"), variables, Map.of());
        Path err = folder.resolve("log/web" + runs + ".err");
        Path log = folder.resolve("log/web" + runs + ".log");
        int before = text(log).length();
        Launched launched = launcher.launch(spec.identity(identity.made()).build(), 1);
        assertThat(launched).isInstanceOf(Launched.Started.class);
        ExitStatus status = ends.poll(60, TimeUnit.SECONDS);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> text(log).substring(before).endsWith("end\n") || !text(err).isEmpty());
        assertThat(text(err)).isEmpty();
        assertThat(status).isEqualTo(new ExitStatus.Exited(0));
        List<String> lines = text(log).substring(before).lines().toList();
        return lines.subList(0, lines.size() - 1);
    }

    private static String text(Path file) throws IOException {
        return Files.exists(file) ? Files.readString(file) : "";
    }

    @Test
    void aUserHasItsNumbersItsGroupsAndItsHome() throws Exception {
        AsRoot.expected();
        assertThat(
                        lines(
                                identity().user("nobody"),
                                "id -u; id -g; id -G; echo $HOME $USER $LOGNAME $SHELL $COLOUR;"
                                        + " echo end"))
                .containsExactly(
                        "65534",
                        "65534",
                        "65534",
                        "/nonexistent nobody nobody /usr/sbin/nologin red");
        assertThat(
                        lines(
                                identity().user("54321").group("daemon").groups("4", "adm", "5"),
                                "id -u; id -G; echo end"))
                .containsExactly("54321", "1 4 5");
        assertThat(lines(identity().user("nobody").groups(), "id -G; echo end"))
                .containsExactly("65534");
        assertThat(lines(identity().group("daemon"), "id -u; id -g; echo end"))
                .containsExactly("0", "1");
    }

    @Test
    void thePidIsThatOfTheProgramAndNothingIsBetweenItAndTheMonitor() throws Exception {
        AsRoot.expected();
        Identities all =
                identity()
                        .user("nobody")
                        .umask(027)
                        .nice(3)
                        .noNewPrivs()
                        .limit(Limit.Resource.NOFILE, 20, 30);

        assertThat(lines(all, "ps -o ppid= -o sid= -o comm= -p $$ | tr -s ' '; echo $$; echo end"))
                .hasSize(2)
                .satisfies(lines -> {
                    String pid = lines.get(1);
                    assertThat(lines.getFirst().strip())
                            .isEqualTo(CurrentProcess.pid() + " " + pid + " sh");
                });
    }

    @Test
    void boundsAreSet() throws Exception {
        // The highest there is, should the tests themselves let others go first.
        int nicer = Math.min(19, CurrentProcess.niceness() + 3);
        assertThat(
                        lines(
                                identity()
                                        .umask(027)
                                        .nice(nicer)
                                        .limit(Limit.Resource.NOFILE, 20, 30),
                                "umask; nice; ulimit -Sn; ulimit -Hn; echo end"))
                .containsExactly("0027", Integer.toString(nicer), "20", "30");
        assertThat(
                        lines(
                                identity().limit(Limit.Resource.CORE, 0, 1 << 20),
                                "ulimit -Sc; ulimit -Hc; echo end"))
                .containsExactly("0", "2048");
        assertThat(
                        lines(
                                identity().cpus("0"),
                                "grep Cpus_allowed_list /proc/self/status; echo end"))
                .containsExactly("Cpus_allowed_list:\t0");
    }

    @Test
    void privilegesAreGivenUp() throws Exception {
        assertThat(lines(identity().noNewPrivs(), status("NoNewPrivs")))
                .containsExactly("NoNewPrivs: 1");
    }

    @Test
    void anotherUserKeepsTheCapabilitiesThatItIsLeft() throws Exception {
        AsRoot.expected();
        String all = status("Uid|Cap(Inh|Prm|Eff|Bnd|Amb)");
        String user = "Uid: 65534 65534 65534 65534";
        String bind = "0000000000000400";
        assertThat(lines(identity().user("nobody").capabilities(Capability.NET_BIND_SERVICE), all))
                .containsExactly(
                        user,
                        "CapInh: " + bind,
                        "CapPrm: " + bind,
                        "CapEff: " + bind,
                        "CapBnd: " + bind,
                        "CapAmb: " + bind);
        assertThat(lines(identity().user("nobody"), status("Uid|CapEff")))
                .containsExactly(user, "CapEff: 0000000000000000");
        assertThat(lines(identity().capabilities(), status("Uid|CapEff|CapBnd")))
                .containsExactly(
                        "Uid: 0 0 0 0", "CapEff: 0000000000000000", "CapBnd: 0000000000000000");
    }

    private static String status(String keys) {
        return "grep -E '^(" + keys + "):' /proc/self/status | tr '\\t' ' '; echo end";
    }

    @Test
    void anotherUserCanReopenItsOutputAfterAnotherUser() throws Exception {
        AsRoot.expected();
        for (String user : List.of("nobody", "daemon")) {
            runs = 0;
            String script = "echo " + user + " >/dev/stdout; echo end";
            assertThat(lines(identity().user(user), script)).endsWith(user);
        }
        FileStatus status = new FileStatus();
        assertThat(status.read(folder.resolve("fifo/web1.out").toString())).isTrue();
        assertThat(status.owner()).as("daemon").isEqualTo(1);

        // Another monitor goes on with the very fifo.
        long inode = status.inode();
        outputCapture.drainAndClose(Duration.ofSeconds(10));
        openOutputs();
        runs = 0;
        assertThat(lines(identity(), "echo again; echo end")).endsWith("again");
        assertThat(status.read(folder.resolve("fifo/web1.out").toString())).isTrue();
        assertThat(status.inode()).isEqualTo(inode);
    }

    @Test
    void anEmptyEnvironmentHasWhatProcmonNeeds() throws Exception {
        Path file = Files.writeString(folder.resolve("env"), "SECRET=hunter2\nBOTH=file\n");
        assertThat(file.toFile().setReadable(false, false)).isTrue();
        assertThat(file.toFile().setReadable(true, true)).isTrue();
        SpecBuilder spec =
                SpecBuilder.process("web" + ++runs)
                        .env(Map.of("BOTH", "env"))
                        .program("sh", "-c", "tr '\\0' '\\n' </proc/self/environ; echo end");

        assertThat(lines(identity().clearEnv().umask(022).envFiles(new EnvFile(file, false)), spec))
                .filteredOn(line -> !line.startsWith("PWD="))
                .containsExactlyInAnyOrder(
                        "PATH=/usr/bin:/bin",
                        "PROCMON_STATE_DIR=" + folder,
                        "PROCMON_ID=web1",
                        "PROCMON_RUN=1",
                        "SECRET=hunter2",
                        "BOTH=env");
    }

    @Test
    void theShellThatSetsTheUmaskLeavesNothingBehind() throws Exception {
        SpecBuilder spec = SpecBuilder.process("web" + ++runs).program("env");
        variables.put("LAST", "1");
        Launched launched =
                new PosixLauncher(
                                reaper,
                                outputCapture,
                                folder.resolve("started"),
                                variables,
                                Map.of())
                        .launch(spec.identity(identity().umask(022).clearEnv().made()).build(), 1);
        assertThat(launched).isInstanceOf(Launched.Started.class);
        assertThat(ends.poll(60, TimeUnit.SECONDS)).isEqualTo(new ExitStatus.Exited(0));
        outputCapture.drainAndClose(Duration.ofSeconds(10));
        assertThat(text(folder.resolve("log/web1.log")).lines())
                .containsExactlyInAnyOrder(
                        "PATH=/usr/bin:/bin",
                        "PROCMON_STATE_DIR=" + folder,
                        "PROCMON_ID=web1",
                        "PROCMON_RUN=1");
        openOutputs();
    }

    @Test
    void aProgramInAnotherRootStartsInTheFolderThere() throws Exception {
        AsRoot.expected();
        SpecBuilder spec =
                SpecBuilder.process("web" + ++runs)
                        .cwd(Path.of("/usr/bin"))
                        .program("sh", "-c", "pwd; id -u; id -G; umask; echo end");

        assertThat(
                        lines(
                                identity()
                                        .user("nobody")
                                        .groups("4")
                                        .umask(077)
                                        .chroot(Path.of("/")),
                                spec))
                .containsExactly("/usr/bin", "65534", "65534 4", "0077");
        assertThat(
                        lines(
                                identity()
                                        .user("nobody")
                                        .chroot(Path.of("/"))
                                        .noNewPrivs()
                                        .capabilities(Capability.KILL),
                                "pwd; " + status("CapEff|NoNewPrivs")))
                .containsExactly("/", "CapEff: 0000000000000020", "NoNewPrivs: 1");
        Path root = folder.resolve("root");
        Files.createDirectories(root.resolve("etc"));
        PosixLauncher launcher =
                new PosixLauncher(
                        reaper, outputCapture, folder.resolve("started"), variables, Map.of());
        SpecBuilder inside = SpecBuilder.process("in").cwd(Path.of("/etc")).program("sh");
        Launched launched =
                launcher.launch(inside.identity(identity().chroot(root).made()).build(), 1);
        assertThat(((Launched.NotStarted) launched).error().reason())
                .isEqualTo("cannot find 'sh' in " + root + ": the package dash has it");
    }
}
