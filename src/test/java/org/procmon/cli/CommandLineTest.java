package org.procmon.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.cli.RunOptions.Role;
import org.procmon.cli.console.Console;
import org.procmon.cli.console.UsageException;
import org.procmon.config.Signal;
import org.procmon.control.FakeSupervisor;
import org.procmon.control.client.CallTimeout;
import org.procmon.control.protocol.StandardStream;
import org.procmon.log.LogFormat;
import org.procmon.status.Snapshot;
import org.procmon.supervise.port.Command;
import org.procmon.supervise.port.Reply;
import org.procmon.supervise.port.Upgrader;

@Timeout(60)
class CommandLineTest extends CommandRunner {
    private static final Duration FIVE = Duration.ofSeconds(5);
    private static final Duration TEN = Duration.ofSeconds(10);

    @Test
    void theListIsUpstreamsTable() {
        assertThat(run("-l")).isZero();
        assertThat(out())
                .isEqualTo(
                        """
                        Process Name         pid Restarts            Since  Status   Command
                        procmon1             100        1         1h02m03s running : procmon -F f
                        procmon2              99        2               5s running : procmon -f f
                        web                 4711        3              13s running : sleep 18
                        job                   42        1           12m01s stopped : sh -c 'exit "1"'
                        """);
    }

    @Test
    void theJsonListHasTheSixKeys() {
        assertThat(run("-o", "json")).isZero();
        assertThat(out())
                .isEqualTo(
                        "[{\"name\": \"procmon1\",\"pid\": 100,\"runcount\": 1,\"since\":"
                                + " \"1h02m03s\",\"state\": \"running\",\"exec\": \"procmon -F"
                                + " f\"},{\"name\": \"procmon2\",\"pid\": 99,\"runcount\": 2,\"since\":"
                                + " \"5s\",\"state\": \"running\",\"exec\": \"procmon -f f\"},{\"name\":"
                                + " \"web\",\"pid\": 4711,\"runcount\": 3,\"since\": \"13s\",\"state\":"
                                + " \"running\",\"exec\": \"sleep 18\"},{\"name\": \"job\",\"pid\":"
                                + " 42,\"runcount\": 1,\"since\": \"12m01s\",\"state\":"
                                + " \"stopped\",\"exec\": \"sh -c 'exit \\\"1\\\"'\"}]");
    }

    @Test
    void theRichListIsTheMonitorsOwn() {
        assertThat(run("list", "--json", "web")).isZero();
        assertThat(out())
                .startsWith(
                        "[{\"name\":\"web\",\"state\":\"running\",\"goal\":\"up\",\"pid\":4711,")
                .endsWith("\"depends\":[]}]\n");
    }

    @Test
    void whatWouldSteerTheTerminalIsShownInstead() {
        supervisor.snapshot =
                new Snapshot(
                        List.of(
                                FakeSupervisor.running(
                                        "web", 1, "printf '\u001b[2J\n\u202e' \u00e4")),
                        List.of(),
                        false);
        run("-l");
        assertThat(out()).endsWith(" : printf '\\u001b[2J\\u000a\\u202e' \u00e4\n");
        out.reset();
        run("-o", "json");
        assertThat(out()).contains("\"printf '\\u001b[2J\\u000a\u202e' \u00e4\"");
    }

    @Test
    void statusShowsDetailsAndItsExitCodeShowsWhetherAllRun() {
        assertThat(run("status", "web")).isZero();
        assertThat(out())
                .matches(
                        """
                        web: running for 13s
                          cause:       run 3
                          since:       \\S+Z
                          pid:         4711
                          runs:        3
                          command:     sleep 18
                        """);
        out.reset();

        assertThat(run("status", "job")).isEqualTo(3);
        assertThat(out())
                .matches(
                        """
                        job: failed for 12m01s
                          cause:       was ended by SIGKILL after 1\\.0 s
                          since:       \\S+Z
                          pid:         42 \\(gone\\)
                          runs:        1
                          command:     sh -c 'exit "1"'
                          last exit:   signal KILL after 1s, at \\S+Z \\(user 7ms, system 3ms, at most 4 KiB\\)
                        """);
        assertThat(run("status")).isZero();
        assertThat(run("status", "all", "--json")).isEqualTo(3);
    }

    @Test
    void anExplanationGoesDownToTheRootAndQuotesTheLastWords() {
        supervisor.snapshot =
                new Snapshot(
                        List.of(
                                FakeSupervisor.waiting("top", "middle"),
                                FakeSupervisor.waiting("middle", "job"),
                                FakeSupervisor.killed("job", "job")),
                        List.of(),
                        false);
        output.write("top", StandardStream.STDERR, "one\n\u001b[2Jtwo".getBytes(UTF_8));

        assertThat(run("explain", "top")).isZero();
        assertThat(out())
                .matches(
                        """
                        top: waiting for 1s
                          cause:       waits for middle
                          since:       \\S+Z
                          pid:         none yet
                          runs:        0
                          command:     true
                          waits for:   middle: waiting: waits for job
                                       job: failed: was ended by SIGKILL after 1\\.0 s
                          outlook:     it starts as soon as middle is up
                          last lines of stderr:
                            one
                            \\\\u001b\\[2Jtwo
                        """);
        out.reset();
        assertThat(run("explain", "--json", "job")).isZero();
        assertThat(out()).startsWith("{\"process\":{\"name\":\"job\",").endsWith("}\n");
    }

    @Test
    void eachFlagAndSubcommandBecomesItsCommand() {
        assertThat(run("-s", "web")).isZero();
        assertThat(run("-k", "web", "-k", "job")).isZero();
        assertThat(run("-rweb")).isZero();
        assertThat(run("-vd", "job")).isZero();
        assertThat(run("start", "w*", "job", "--timeout", "30s")).isZero();
        assertThat(run("stop", "--no-wait", "all")).isZero();
        assertThat(run("signal", "web", "job", "sighup")).isZero();
        assertThat(run("-x", "--no-wait")).isZero();

        // The short forms say nothing, as upstream.
        assertThat(out())
                .isEqualTo(
                        """
                        web: running, pid 4711
                        job: failed, was ended by SIGKILL after 1.0 s
                        """);
        assertThat(err()).isEmpty();
        assertThat(supervisor.commands)
                .containsExactly(
                        new Command.Start(List.of("web")),
                        new Command.Stop(List.of("web", "job")),
                        new Command.Restart(List.of("web")),
                        new Command.Delete(List.of("job"), false),
                        new Command.Start(List.of("w*", "job")),
                        new Command.Stop(List.of("all")),
                        new Command.SendSignal(List.of("web", "job"), Signal.HUP),
                        new Command.Shutdown());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "-s x          | 4 | cannot start x: there is no process 'x'",
                "start wbe     | 4 | cannot start wbe: there is no process 'wbe', did you mean 'web'?",
                "explain x     | 4 | cannot explain x: there is no process 'x'",
                "status x      | 4 | cannot show the status of x: there is no process 'x'",
                "list web y*   | 4 | cannot list the processes: there is no process 'y*'",
                "stop procmon1 | 2 | cannot stop procmon1: procmon1 is the monitor itself; procmon -x"
                        + " stops it",
            })
    void reportsRefusalsWithTheirExitCode(String args, int code, String message) {
        assertThat(run(args.split(" "))).isEqualTo(code);
        assertThat(err()).isEqualTo("procmon: " + message + "\n");
        assertThat(out()).isEmpty();
    }

    @Test
    void showsUnobservedExitsLostOutputAndOrphans() throws IOException {
        server.close();
        String row =
                "{\"name\":\"web\",\"state\":\"running\",\"last_exit\":{\"at\":\"then\","
                        + "\"run_ms\":5},\"output\":{\"lost_bytes\":12,\"reason\":\"disk full\","
                        + "\"failing\":true},\"orphan\":true,\"unkept\":\"no room\"}";
        try (CannedMonitor _ =
                new CannedMonitor(
                        folder.resolve("control.sock"),
                        "{\"parameters\":{\"processes\":[" + row + "]}}")) {
            assertThat(run("status", "web")).isZero();
        }
        assertThat(out())
                .contains(
                        "\n  last exit:   unknown after 5ms, at then (user 0ms, system 0ms)\n",
                        "\n  not kept:    no room\n",
                        "\n  orphan:      no longer in the configuration\n",
                        "\n  output:      12 bytes lost so far: disk full\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"start", "stop", "restart", "restart --rolling", "reload", "delete"})
    void warnsWhenAChangeMayBeLost(String command) throws IOException {
        server.close();
        String row =
                "{\"name\":\"web\",\"state\":\"stopped\",\"goal\":\""
                        + (command.equals("delete") ? "forgotten" : "down")
                        + "\",\"unkept\":\"no room\"}";
        try (CannedMonitor _ =
                new CannedMonitor(
                        folder.resolve("control.sock"),
                        "{\"parameters\":{\"processes\":[" + row + "]}}")) {
            assertThat(run((command + " web").split(" "))).isZero();
        }
        String outcome = command.equals("delete") ? "web: deleted\n" : "web: stopped\n";
        assertThat(out()).isEqualTo(command.equals("reload") ? "" : outcome);
        assertThat(err())
                .isEqualTo(
                        "procmon: the next monitor may not know that web is %s: no room\n"
                                .formatted(command.equals("delete") ? "deleted" : "stopped"));
    }

    @Test
    void retriesAQueryOnceWhenTheMonitorDies() throws Exception {
        server.close();
        Path socket = folder.resolve("control.sock");
        String list = "{\"parameters\":{\"processes\":[]}}";
        try (CannedMonitor monitor = new CannedMonitor(socket, "", list)) {
            assertThat(run("list")).isZero();
            assertThat(monitor.calls).hasSize(2);
        }
        try (CannedMonitor monitor = new CannedMonitor(socket, "", "", list)) {
            assertThat(run("status")).isEqualTo(6);
            assertThat(monitor.calls).hasSize(2);
        }
        err.reset();
        try (CannedMonitor monitor = new CannedMonitor(socket, "", list)) {
            assertThat(run("stop", "web")).isEqualTo(6);
            assertThat(monitor.calls).hasSize(1);
        }
        assertThat(err())
                .isEqualTo(
                        "procmon: cannot stop web: the monitor behind "
                                + socket
                                + " went away before it answered; whether it was done is not"
                                + " known\n");
    }

    @Test
    void reopenSucceedsAndARefusedUpgradeSaysWhy() {
        assertThat(run("reopen")).isZero();
        assertThat(output.reopened()).isEqualTo(1);
        assertThat(run("upgrade")).isEqualTo(1);
        assertThat(err()).isEqualTo("procmon: cannot upgrade the monitor: no reason\n");
        upgrade = new Upgrader.Outcome.Ready(() -> {});
        assertThat(run("upgrade", "--no-wait")).isZero();
        assertThat(run("upgrade", "--timeout", "50ms")).isEqualTo(7);
    }

    @Test
    void failuresAndTimeoutsHaveTheirExitCodes() {
        supervisor.answer(new Reply.Failed("web", "cannot execute 'x': No such file"));
        assertThat(run("start", "w*")).isEqualTo(1);
        supervisor.answer(new Reply.ShuttingDown());
        assertThat(run("start", "web")).isEqualTo(1);
        supervisor.hang();
        assertThat(run("stop", "web", "--timeout=2")).isEqualTo(7);
        assertThat(run("shutdown", "--timeout=2000ms")).isEqualTo(7);

        assertThat(err())
                .isEqualTo(
                        """
                        procmon: cannot start w*: web: cannot execute 'x': No such file
                        procmon: cannot start web: the monitor is shutting down
                        procmon: cannot stop web: not done in time: it is running: run 3; the command continues, see 'procmon explain web'
                        procmon: cannot shut down the monitor: web: not done in time: it is running: run 3; the command continues, see 'procmon explain web'
                        """);
    }

    @Test
    void aMonitorThatNeverAnswersIsTimedOutByTheClient() throws IOException {
        server.close();
        Path socket = folder.resolve("control.sock");
        try (ServerSocketChannel silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            silent.bind(UnixDomainSocketAddress.of(socket), 1);
            assertThat(run("list", "--timeout", "50ms")).isEqualTo(7);
            assertThat(run("stop", "web", "--timeout", "50ms")).isEqualTo(7);
            assertThat(run("signal", "web", "HUP", "--timeout", "50ms")).isEqualTo(7);
            String hangs = ": no answer within 50 ms; the monitor hangs or is stopped";
            assertThat(err().lines())
                    .containsExactly(
                            "procmon: cannot list the processes"
                                    + hangs
                                    + "; 'procmon run --take-over FILE' replaces it",
                            "procmon: cannot stop web"
                                    + hangs
                                    + ", nothing was changed; 'procmon run --take-over FILE'"
                                    + " replaces it",
                            "procmon: cannot send HUP to web"
                                    + hangs
                                    + ", it may still do it; 'procmon run --take-over FILE'"
                                    + " replaces it");
        }
        Files.delete(socket);
    }

    @Test
    void aClientThatTheKernelLetsWaitToConnectIsTimedOutToo() throws IOException {
        server.close();
        Path socket = folder.resolve("control.sock");
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(socket);
        List<SocketChannel> waiting = new ArrayList<>();
        try (ServerSocketChannel silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            silent.bind(address, 1);
            boolean hasRoom = true;
            while (hasRoom) {
                SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                waiting.add(channel);
                channel.configureBlocking(false);
                hasRoom = connects(channel, address);
            }
            assertThat(run("list", "--timeout", "200ms")).isEqualTo(7);
            assertThat(run("upgrade", "--timeout", "200ms")).isEqualTo(7);
        } finally {
            for (SocketChannel channel : waiting) {
                channel.close();
            }
        }
        Files.delete(socket);
        assertThat(err()).contains("no answer within 200 ms");
    }

    private static boolean connects(SocketChannel channel, UnixDomainSocketAddress address) {
        try {
            return channel.connect(address);
        } catch (IOException _) {
            return false;
        }
    }

    @Test
    void onlyOnATerminalACommandThatChangesSomethingWaitsWithoutLimit() throws Exception {
        assertThat(left("stop", "web")).hasValueSatisfying(d -> assertThat(d).isLessThan(TEN));
        assertThat(left("list")).hasValueSatisfying(d -> assertThat(d).isLessThan(FIVE));
        Files.createSymbolicLink(folder.resolve("0"), Path.of("/dev/pts/3"));
        descriptor = folder.resolve("1");
        assertThat(left("stop", "web")).isPresent();
        Files.createSymbolicLink(folder.resolve("2"), Path.of("/dev/tty1"));
        assertThat(left("stop", "web")).isEmpty();
        assertThat(left("stop", "web", "--timeout", "3s")).isPresent();
        assertThat(left("stop", "web", "--no-wait")).isPresent();
        assertThat(left("reload")).isPresent();
        assertThat(left("list")).isPresent();
        descriptor = NO_LINK;
        assertThat(left("stop", "web", "--timeout", "none")).isEmpty();
        assertThat(left("list", "--timeout=none")).isEmpty();
        assertThat(left("upgrade")).hasValueSatisfying(d -> assertThat(d).isGreaterThan(TEN));
    }

    /** What the client itself leaves a command, before it has asked the monitor anything. */
    private Optional<Duration> left(String... args) throws UsageException {
        Console console = new Console(System.out, System.err, Map.of(), descriptor);
        TimeLimit limit = new TimeLimit(ArgumentParser.parse(args), console.isInteractive());
        try (CallTimeout timeout = limit.timeout()) {
            return timeout.left();
        }
    }

    @Test
    void deleteByFlagWarnsOfDependentsAndSucceeds() throws Exception {
        supervisor.behaviour =
                command ->
                        CompletableFuture.completedFuture(
                                command instanceof Command.Delete delete && !delete.force()
                                        ? new Reply.HasDependents("job", "web depends on it")
                                        : supervisor.done(command));
        assertThat(run("delete", "job")).isEqualTo(1);
        assertThat(run("-d", "job")).isZero();
        assertThat(run("delete", "--force", "job")).isZero();
        assertThat(supervisor.commands)
                .extracting(c -> ((Command.Delete) c).force())
                .containsExactly(false, false, true, true);
        assertThat(err())
                .isEqualTo(
                        """
                        procmon: cannot delete job: web depends on it; delete that too, or use --force
                        procmon: job is deleted although web depends on it; they cannot start without it
                        """);
    }

    @Test
    void whatIsStartedAndExitsAtOnceHasNotBeenStarted() {
        supervisor.behaviour =
                _ ->
                        CompletableFuture.completedFuture(
                                new Reply.Done(
                                        List.of(
                                                FakeSupervisor.runningFor("web", 0),
                                                FakeSupervisor.runningFor("job", 0))));
        assertThat(run("start", "web", "job")).isEqualTo(1);
        assertThat(out()).isEqualTo("web: running, pid 4711\n");
        assertThat(err())
                .isEqualTo(
                        "procmon: job: started, then was ended by SIGKILL after 1000 ms"
                                + " ('procmon explain job')\n");
        out.reset();
        err.reset();
        assertThat(run("start", "--no-wait", "job")).isZero();
        assertThat(run("start", "--timeout", "1s", "job")).isZero();
        assertThat(run("-s", "job")).isZero();
        assertThat(out()).isEqualTo("web: running, pid 4711\njob: running, pid 4711\n");
        assertThat(err()).isEmpty();
    }

    @Test
    void dependenciesAreATreeOrADiagram() {
        assertThat(run("graph")).isZero();
        assertThat(out()).isEqualTo("web: running\njob: failed\n");
        out.reset();
        assertThat(run("tree", "job")).isZero();
        assertThat(out()).isEqualTo("job: failed\n");
        out.reset();
        assertThat(run("graph", "--mermaid", "web")).isZero();
        assertThat(out()).startsWith("flowchart TD\n  p0[\"web<br/>running\"]:::running\n");
        assertThat(run("tree", "jab")).isEqualTo(4);
        assertThat(err())
                .isEqualTo(
                        "procmon: cannot show the dependencies of jab: there is no process 'jab',"
                                + " did you mean 'job'?\n");
    }

    @Test
    void severalAreExplainedOneAfterTheOther() {
        assertThat(run("explain", "web", "job")).isZero();
        assertThat(out())
                .startsWith("web: running for 13s\n")
                .contains("\n\njob: failed for 12m01s\n");
        out.reset();
        assertThat(run("explain", "*", "--json")).isZero();
        assertThat(out()).startsWith("[{\"process\":{\"name\":\"procmon1\"").endsWith("}]\n");
        assertThat(run("explain", "wbe")).isEqualTo(4);
        assertThat(err()).contains("there is no process 'wbe', did you mean 'web'?");
    }

    @Test
    void aMonitorThatIsAwayIsExitCodeSix() {
        server.close();

        assertThat(run("list")).isEqualTo(6);
        assertThat(err())
                .startsWith(
                        "procmon: cannot list the processes: there is no monitor: no socket "
                                + folder.resolve("control.sock")
                                + "; ");
        err.reset();

        assertThat(run("-l")).isEqualTo(6);
        assertThat(err())
                .isEqualTo(
                        "procmon: cannot list the processes: there is no monitor: no socket "
                                + folder.resolve("control.sock")
                                + "\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "lits          | there is no command 'lits', did you mean 'list'?",
                "frobnicate    | there is no command 'frobnicate'",
                "PS            | there is no command 'PS'; 'procmon list' shows the processes",
                "version       | there is no command 'version'; 'procmon --version' shows the version",
                "help log      | there is no command 'log'; 'procmon logs -f NAME' shows the output",
                "completion sh | there is no completion for 'sh'; the shells are bash, zsh, fish",
                "logs --grep (  | '(' is no regular expression: Unclosed group",
                "logs --since x | 'x' is no time; one is 1h, 10m or 30s ago, or 2026-11-29T17:35:00Z",
                "list --sort x | the table cannot be sorted by 'x'; the keys are cpu, mem, name, up",
                "list --state runing | there is no state 'runing', did you mean 'running'?",
                "-l --wide     | the option --wide is not for -l",
                "list --json --watch | the option --watch is not for --json",
                "-o json --sort up | the option --sort is not for -o",
                "status --watch | the option --watch is not for status",
                "list --jsno   | there is no option '--jsno', did you mean '--json'?",
                "-z            | there is no option '-z'",
                "-l -x         | the option -x means shutdown, but list was given too",
                "list -s web   | the option -s means start, but list was given too",
                "-s            | the option -s needs NAME",
                "start         | start needs NAME...",
                "signal web    | signal needs NAME... SIGNAL",
                "signal web NO | there is no signal 'NO'",
                "shutdown now  | 'now' is one argument too many for shutdown",
                "start web --json | the option --json is not for start",
                "start web --timeout soon | 'soon' is no duration; one is 30s, 1m30s or 500ms",
                "start web --timeout 1s --no-wait | --timeout and --no-wait exclude each other",
                "list --json=1 | the option --json takes no value",
                "-o xml        | the only format is json, not 'xml'",
                "tail          | tail needs NAME...",
                "tail -n x web | 'x' is no number for the option -n",
                "tail -F web   | the option -F means run, but tail was given too",
                "list -f web   | the option -f means run, but list was given too",
                "start --stderr web | the option --stderr is not for start",
                "run --log-format xml x | the log format is text or json, not 'xml'",
                "list --log-format json | the option --log-format is not for list",
                "run --standby 0 x  | '0' is no number for the option --standby",
                "run --standyb 1 x  | there is no option '--standyb'",
                "import procfile | import needs FORMAT FILE...",
                "import sytemd a  | there is no format 'sytemd', did you mean 'systemd'?",
                "import toml a    | there is no format 'toml'; the formats are supervisord,"
                        + " procfile, systemd, php-fpm, spawn-fcgi, spawn-php, lighttpd, mono-fpm,"
                        + " julia-fpm",
                "import procfile a b | 'b' is one argument too many for import procfile",
                "import procfile a --json | the option --json is not for import",
                "-v            | nothing to do",
            })
    void argumentsThatMakeNoSenseAreExplained(String args, String reason) {
        assertThat(run(args.split(" "))).isEqualTo(2);
        assertThat(err())
                .isEqualTo(
                        "procmon: cannot understand the arguments: "
                                + reason
                                + "\nTry 'procmon --help'.\n");
        assertThat(supervisor.commands).isEmpty();
    }

    @Test
    void helpIsThereForAllAndForEach() {
        assertThat(run("-h")).isZero();
        assertThat(out())
                .startsWith("usage: procmon COMMAND")
                .contains("\n  start NAME...", "\n  -k NAME", "\n  --no-backup ")
                .contains("\n  tail NAME... ", "\n  --take-over ", "\n  -n N ")
                .doesNotContain("--standby", "--inherited", "--listeners", "--from-primary");
        for (String command : Action.commands()) {
            out.reset();
            assertThat(run(command, "--help")).isZero();
            assertThat(out())
                    .startsWith(
                            command.equals("help")
                                    ? "usage: procmon COMMAND"
                                    : "usage: procmon " + command + " [OPTION...]");
        }
        out.reset();
        assertThat(run("help")).isZero();
        assertThat(out()).startsWith("usage: procmon COMMAND");
        out.reset();
        assertThat(run("help", "start")).isZero();
        assertThat(out()).startsWith("usage: procmon start [OPTION...] NAME...");
        assertThat(run("help", "strat")).isEqualTo(2);
        assertThat(err()).contains("there is no command 'strat', did you mean 'start'?");
        err.reset();
        assertThat(run()).isEqualTo(2);
        assertThat(err()).startsWith("usage: procmon COMMAND");
        out.reset();
        assertThat(run("--version")).isZero();
        assertThat(out()).isEqualTo("procmon 0.1.0\n");
    }

    @Test
    void theMonitorIsRunWithItsOptions() {
        for (String[] args :
                List.of(
                        new String[] {"-f", "a.json"},
                        new String[] {"-v", "-F", "a.json"},
                        new String[] {"run", "--no-backup", "a.json"},
                        new String[] {"run", "--take-over", "--log-format", "json", "a.json"},
                        new String[] {
                            "--standby",
                            "17",
                            "--inherited",
                            "5",
                            "--listeners",
                            "6",
                            "--renewed",
                            "-F",
                            "a.json"
                        })) {
            assertThat(run(args)).isEqualTo(17);
        }
        assertThat(ran)
                .containsExactly(
                        Path.of("a.json"),
                        RunOptions.of(Optional.of(folder), false, Role.PAIR_FROM_BACKUP),
                        Path.of("a.json"),
                        RunOptions.of(Optional.of(folder), true, Role.PAIR_FROM_PRIMARY),
                        Path.of("a.json"),
                        RunOptions.of(Optional.of(folder), false, Role.ALONE),
                        Path.of("a.json"),
                        new RunOptions(
                                Optional.of(folder),
                                false,
                                LogFormat.JSON,
                                Role.PAIR_FROM_BACKUP,
                                true,
                                OptionalInt.empty(),
                                OptionalInt.empty(),
                                OptionalInt.empty(),
                                false),
                        Path.of("a.json"),
                        new RunOptions(
                                Optional.of(folder),
                                false,
                                LogFormat.TEXT,
                                Role.PAIR_FROM_PRIMARY,
                                false,
                                OptionalInt.of(17),
                                OptionalInt.of(5),
                                OptionalInt.of(6),
                                true));
    }

    @Test
    void checkReportsEachProblemOrTheirAbsence() throws IOException {
        Path file = folder.resolve("a.json");
        Files.writeString(file, "{\"processes\":[{\"id\":\"a\",\"exec\":\"true\"}]}");
        assertThat(run("check", file.toString())).isZero();
        assertThat(out()).isEqualTo(file + ": 1 process, no problems\n");
        out.reset();

        Files.writeString(file, "{\"processes\":[{\"id\":\"a\",\n\"exek\":\"true\"}]}");
        assertThat(run("check", file.toString())).isEqualTo(78);
        assertThat(out()).startsWith(file + ":").contains(file + ":2:1: ", "exek");
        assertThat(err()).isEmpty();
    }

    @Test
    void anOutputThatTakesNothingIsAFailure() {
        OutputStream full =
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("No space left on device");
                    }
                };
        assertThat(run(new PrintStream(full), "-l")).isEqualTo(1);
        assertThat(err()).startsWith("procmon: cannot write the answer");
    }
}
