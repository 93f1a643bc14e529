package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.status.fields.ProcessRow;

/** Two monitors, of which one or the other is killed. */
@Timeout(300)
class PairIT extends Pairs {
    @ParameterizedTest
    @ValueSource(strings = {"-f", "-F"})
    void bothAreListedWhicheverIsStarted(String option) throws Exception {
        try (TestMonitor pair = start(option)) {
            ProcessRow primary = pair.row(PRIMARY);
            ProcessRow backup = pair.awaitRun(BACKUP, 1);
            assertThat(option.equals("-f") ? backup.pid() : primary.pid()).isEqualTo(pair.pid());
            assertThat(primary.pid()).isNotEqualTo(backup.pid());
            assertThat(primary.exec()).isEqualTo("procmon -F " + pair.file("procmon.json"));
            assertThat(backup.exec()).isEqualTo("procmon -f " + pair.file("procmon.json"));
            assertThat(primary.runcount()).isEqualTo(1);
            assertThat(backup.runcount()).isEqualTo(1);
            assertThat(pair.rows())
                    .extracting(ProcessRow::name)
                    .containsExactly(PRIMARY, BACKUP, "web");

            pair.must("-x");

            assertNothingIsLeft(pair);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-f", "-F"})
    void theBackupTakesThePrimarysPlace(String option) throws Exception {
        try (TestMonitor pair = start(option)) {
            ProcessRow web = pair.awaitRun("web", 1);
            int backup = settledBackup(pair).pid();

            kill(pair, PRIMARY);

            eventually().until(() -> pair.row(PRIMARY).pid() == backup);
            ProcessRow after = pair.row("web");
            assertThat(after.pid()).isEqualTo(web.pid());
            assertThat(after.runcount()).isEqualTo(1);
            assertThat(after.ageMs()).isGreaterThan(web.ageMs());
            assertThat(pair.row(PRIMARY).runcount()).isEqualTo(2);
            assertThat(pair.row(PRIMARY).cause()).contains("was ended by SIGKILL after");
            assertThat(pair.awaitRun(BACKUP, 2).pid()).isNotEqualTo(backup);

            TestProduct.signal("USR1", web.pid());
            ProcessRow again = pair.awaitRun("web", 2);
            assertThat(again.lastExit().orElseThrow().signal()).contains("USR1");
            pair.must("-x");
            assertNothingIsLeft(pair);
        }
    }

    @Test
    void aReloadThatNamesNoGroupDoesNotEndTheNextMonitor() throws Exception {
        try (TestMonitor pair = start("-f")) {
            ProcessRow web = pair.awaitRun("web", 1);
            configuration(
                    web().replaceFirst(
                                    "\\{",
                                    "{\"control\": {\"socket_group\": \"no-such-group\"}, "));
            Outcome reload = pair.cli("reload");
            assertThat(reload.code()).isEqualTo(78);
            assertThat(reload.err()).contains("json:1:", "there is no group \"no-such-group\"");
            int backup = settledBackup(pair).pid();

            kill(pair, PRIMARY);

            eventually().until(() -> pair.row(PRIMARY).pid() == backup);
            assertThat(pair.row("web").pid()).isEqualTo(web.pid());
            String file = pair.file("procmon.json").toString();
            Outcome another = pair.cli("run", "--take-over", file);
            assertThat(another.code()).isEqualTo(78);
            assertThat(pair.row(PRIMARY).pid()).isEqualTo(backup);
            pair.must("-x");
            assertNothingIsLeft(pair);
        }
    }

    @Test
    void theSocketListensAllTheTime() throws Exception {
        try (TestMonitor pair = start("-f")) {
            settledBackup(pair);
            AtomicBoolean over = new AtomicBoolean();
            AtomicLong connected = new AtomicLong();
            Thread client = Thread.ofPlatform().start(() -> connectUntil(pair, over, connected));
            patiently().until(() -> connected.get() > 100);
            int backup = pair.row(BACKUP).pid();

            kill(pair, PRIMARY);

            eventually().until(() -> pair.row(PRIMARY).pid() == backup);
            long soFar = connected.get();
            patiently().until(() -> connected.get() > soFar + 100 || !client.isAlive());
            assertThat(client.isAlive()).as("no connection was refused").isTrue();
            over.set(true);
            client.join();
            pair.must("-x");
        }
    }

    private static void connectUntil(TestMonitor pair, AtomicBoolean over, AtomicLong connected) {
        try {
            while (!over.get()) {
                SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                try (channel) {
                    channel.connect(UnixDomainSocketAddress.of(pair.socket()));
                }
                connected.incrementAndGet();
                Thread.sleep(1);
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aBackupThatDiesIsReplaced() throws Exception {
        try (TestMonitor pair = start("-F")) {
            ProcessRow primary = pair.row(PRIMARY);
            ProcessRow web = pair.awaitRun("web", 1);
            int backup = pair.awaitRun(BACKUP, 1).pid();

            kill(pair, BACKUP);

            ProcessRow next = pair.awaitRun(BACKUP, 2);
            assertThat(next.pid()).isNotEqualTo(backup);
            assertThat(next.cause()).contains("was ended by SIGKILL");
            pair.must("restart", BACKUP);
            assertThat(pair.awaitRun(BACKUP, 3).pid()).isNotEqualTo(next.pid());
            assertThat(pair.row(PRIMARY).pid()).isEqualTo(primary.pid());
            assertThat(pair.row("web").pid()).isEqualTo(web.pid());

            // One that keeps dying is slowed.
            eventually()
                    .until(() -> {
                        ProcessRow row = pair.row(BACKUP);
                        if (row.state().equals("running")) {
                            ProcessHandle.of(row.pid()).ifPresent(ProcessHandle::destroyForcibly);
                        }
                        return row.cause().contains("in a row, delayed by");
                    });
        }
    }

    @Test
    void processesSurviveKillsOfEitherMonitor() throws Exception {
        try (TestMonitor pair = start("-f")) {
            ProcessRow web = pair.awaitRun("web", 1);
            for (String victim : List.of(PRIMARY, BACKUP, PRIMARY, PRIMARY, BACKUP, PRIMARY)) {
                settledBackup(pair);
                pair.awaitAnother(victim, kill(pair, victim));
            }
            assertThat(pair.row("web").pid()).isEqualTo(web.pid());
            assertThat(pair.row("web").runcount()).isEqualTo(1);
            assertThat(pair.row(PRIMARY).runcount()).isEqualTo(5);
            pair.must("-x");
            assertNothingIsLeft(pair);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-f", "-F", "--no-backup"})
    void theNextPairContinuesAfterBothWereKilled(String option) throws Exception {
        String output = "i=0; while :; do i=$((i+1)); echo $i; sleep 0.01; done";
        String configuration = Config.of(Config.script("web", output, Config.KEPT));
        try (TestMonitor first = start("-f", configuration)) {
            ProcessRow web = first.awaitRun("web", 1);
            int primary = first.row(PRIMARY).pid();
            int backup = settledBackup(first).pid();
            TestProduct.signal("KILL", List.of(primary, backup));
            patiently().until(() -> Proc.hasEnded(primary) && Proc.hasEnded(backup));
            // What it has written, and writes in its last moment, is nowhere but in the fifo.
            TestProduct.signal("KILL", web.pid());
            patiently().until(() -> Proc.hasEnded(web.pid()));

            try (TestMonitor second = start(option, configuration)) {
                ProcessRow next = second.awaitRun("web", 2);
                // Whoever has inherited it may have reaped it, or not.
                assertThat(next.cause())
                        .containsAnyOf("was ended by SIGKILL", "its exit status is unknown");
                assertThat(second.row(PRIMARY).runcount()).isEqualTo(2);
                patiently().until(() -> second.lines("state/log/web.log").lastIndexOf("1") > 0);
                List<String> lines = second.lines("state/log/web.log");
                List<String> ofFirst = lines.subList(0, lines.lastIndexOf("1"));
                for (int i = 0; i < ofFirst.size(); i++) {
                    assertThat(ofFirst.get(i)).isEqualTo(Integer.toString(i + 1));
                }
                assertThat(ofFirst.size()).isGreaterThan(50);
            }
        }
    }

    /** The keeper of those before has no fifo of a process that is new. */
    @Test
    void outputOfANewProcessOutlivesItsMonitor() throws Exception {
        String old = Config.program("web", "sleep 1000", Config.KEPT);
        String talking =
                Config.script("new", "i=0; while [ $i -lt 500 ]; do i=$((i+1)); echo $i; done");
        try (TestMonitor first = start("-F", Config.of(old))) {
            first.awaitRun("web", 1);
            int primary = first.row(PRIMARY).pid();
            int backup = settledBackup(first).pid();
            TestProduct.signal("KILL", List.of(primary, backup));
            patiently().until(() -> Proc.hasEnded(primary) && Proc.hasEnded(backup));

            String delayed =
                    talking.replace("i=0; ", "until [ -e $DIR/go ]; do sleep 0.05; done; i=0; ");
            try (TestMonitor second = start("--no-backup", Config.of(old, delayed))) {
                int writer = second.awaitRun("new", 1).pid();
                patiently()
                        .until(() -> {
                            List<Integer> keepers = keepers(second);
                            return keepers.size() == 1 && holds(keepers.getFirst(), "new.out");
                        });
                second.kill();
                Files.createFile(second.file("go"));
                patiently().until(() -> Proc.hasEnded(writer));
                assertThat(second.lines("state/log/new.log")).isEmpty();

                try (TestMonitor third = start("-F", Config.of(old, delayed))) {
                    patiently().until(() -> third.lines("state/log/new.log").size() == 500);
                }
            }
        }
    }

    private static List<Integer> keepers(TestMonitor monitor) {
        return Proc.having("PROCMON_STATE_DIR=" + monitor.state()).stream()
                .filter(pid ->
                        Proc.environment(pid).stream()
                                .anyMatch(v -> v.startsWith("PROCMON_ID=procmon-keeper")))
                .toList();
    }

    private static boolean holds(int keeper, String fifo) throws IOException {
        return Proc.descriptors(keeper).values().stream()
                .anyMatch(path -> path.endsWith("/fifo/" + fifo));
    }

    /** In order, always: none revives the other. */
    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void aSignalToEitherEndsBoth(String signal) throws Exception {
        for (String target : List.of(PRIMARY, BACKUP)) {
            try (TestMonitor pair = start("-f")) {
                settledBackup(pair);
                TestProduct.signal(signal, pair.row(target).pid());
                assertThat(pair.awaitExit(Duration.ofSeconds(15))).isZero();
                assertNothingIsLeft(pair);
            }
        }
    }

    /**
     * While it begins, a monitor is ended by such a signal and not in order: by the kernel, and a
     * little later by the handlers that a Java machine begins with.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSignalThatThePrimaryIsNotReadyForIsNotLost(boolean handles) throws Exception {
        String file = configuration(web());
        List<String> wrapper = List.of("env", "--default-signal=INT,TERM,HUP");
        try (TestMonitor pair = TestMonitor.launch(folder, wrapper, "-f", file)) {
            patiently()
                    .pollInterval(Duration.ofMillis(1))
                    .until(() ->
                            isJava(pair.pid())
                                    && Proc.children(pair.pid()).stream()
                                            .anyMatch(primary ->
                                                    !handles || handlesTerm(primary.pid())));
            TestProduct.signal("TERM", pair.pid());
            assertThat(pair.awaitExit(Duration.ofSeconds(15))).isZero();
            assertNothingIsLeft(pair);
        }
    }

    /** Before that, it is the launcher, which may have children too, and keeps no signal. */
    private static boolean isJava(int pid) {
        return Proc.commandLine(pid).stream().anyMatch(word -> word.startsWith("-XX:"));
    }

    /** Not asked of what is still a copy of its parent. */
    private static boolean handlesTerm(int pid) {
        return Proc.commandLine(pid).contains("--inherited") && takesSignals(pid);
    }

    @Test
    void theBackupCompletesAShutdown() throws Exception {
        String deaf = "trap '' TERM; echo up >>$DIR/up; exec sleep 1000";
        String patient = "'stop': {'timeout': '4s'}";
        try (TestMonitor pair =
                start("-f", Config.of(Config.script("web", deaf, Config.KEPT, patient)))) {
            settledBackup(pair);
            pair.must("-x", "--no-wait");
            pair.awaitState("web", "stopping");
            kill(pair, PRIMARY);
            assertThat(pair.awaitExit(Duration.ofSeconds(20))).isZero();
            assertNothingIsLeft(pair);
        }
    }

    @Test
    void aPrimaryThatDiesEarlyIsReplacedByANewOne() throws Exception {
        try (TestMonitor pair = start("-f")) {
            ProcessRow web = pair.awaitRun("web", 1);
            int backup = pair.row(BACKUP).pid();
            assertThat(backup).isEqualTo(pair.pid());
            for (int deaths = 1; deaths <= 4; deaths++) {
                pair.awaitAnother(PRIMARY, kill(pair, PRIMARY));
                assertThat(pair.row(BACKUP).pid()).isEqualTo(backup);
            }
            assertThat(pair.row(BACKUP).runcount()).isEqualTo(1);
            assertThat(pair.row("web").pid()).isEqualTo(web.pid());
            assertThat(pair.log())
                    .contains("starting another monitor delay_ms=0 ")
                    .contains("starting another monitor delay_ms=100 ")
                    .contains("starting another monitor delay_ms=400 ");

            // While nobody serves, a shutdown is heard all the same.
            kill(pair, PRIMARY);
            patiently().until(() -> pair.log().contains("starting another monitor delay_ms=800 "));
            TestProduct.signal("TERM", backup);
            assertThat(pair.awaitExit(Duration.ofSeconds(15))).isZero();
            assertNothingIsLeft(pair);
        }
    }

    /** Long after it has ended, so that the primary can see how it did. */
    @Test
    void theBackupReapsChildrenOfAPrimaryThatDiedEarly() throws Exception {
        try (TestMonitor pair = start("-f")) {
            ProcessRow web = pair.awaitRun("web", 1);
            pair.awaitAnother(PRIMARY, kill(pair, PRIMARY));
            assertThat(pair.row("web").pid()).isEqualTo(web.pid());
            TestProduct.signal("USR1", web.pid());
            ProcessRow again = pair.awaitRun("web", 2);
            assertThat(again.lastExit().orElseThrow().signal()).contains("USR1");
            assertThat(Proc.stat(web.pid()).orElseThrow().parent()).isEqualTo(pair.pid());

            patiently().atMost(Duration.ofSeconds(90)).until(() -> !Proc.exists(web.pid()));

            assertThat(Proc.zombies(pair.pid())).isEmpty();
            assertThat(pair.row("web").pid()).isEqualTo(again.pid());
            pair.must("-x");
            assertNothingIsLeft(pair);
        }
    }

    @Test
    void theConfigurationThatWasAcceptedHolds() throws Exception {
        try (TestMonitor pair = start("-f")) {
            ProcessRow web = pair.awaitRun("web", 1);
            int backup = settledBackup(pair).pid();
            Files.writeString(pair.file("procmon.json"), "{\"processes\": [");
            kill(pair, PRIMARY);
            eventually().until(() -> pair.row(PRIMARY).pid() == backup);
            assertThat(pair.row("web").pid()).isEqualTo(web.pid());
            pair.must("-x");
        }
    }

    @Test
    void aBackupByHandIsRefused() throws Exception {
        Outcome outcome =
                TestProduct.procmon(folder, "run", "--standby", "1", configuration(web()));
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).contains("the standard input is no listening socket");
    }
}
