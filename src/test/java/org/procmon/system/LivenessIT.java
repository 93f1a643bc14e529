package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.always;
import static org.procmon.system.TestMonitor.patiently;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.config.Signal;
import org.procmon.status.fields.ProcessRow;

/**
 * Whatever a monitor is asked, and whenever: it goes on supervising, and ends when it is told to.
 */
@Timeout(600)
class LivenessIT extends Pairs {
    private static final String WORKERS =
            Config.of(
                    Config.program("web", "sleep 1000", Config.KEPT),
                    Config.program("w", "sleep 1000", Config.KEPT + ",'instances': 2"));

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void whatComesBeforeTheLoopRunsIsAnswered(int seed) throws Exception {
        Random random = new Random(seed);
        String option = random.nextBoolean() ? "-f" : "-F";
        String file = configuration(WORKERS);
        List<FutureTask<Outcome>> answers = new ArrayList<>();
        TestMonitor pair =
                TestMonitor.launch(
                        folder, List.of("env", "--default-signal=INT,TERM,HUP"), option, file);
        try (pair) {
            patiently().until(() -> Files.exists(pair.socket(), LinkOption.NOFOLLOW_LINKS));
            answers.add(background(() -> pair.cli("scale", "w", "4")));
            answers.add(background(() -> pair.cli("reload")));
            answers.add(background(() -> pair.cli("reload", "--dry-run")));
            for (FutureTask<Outcome> answer : answers) {
                assertThat(answer.get(60, TimeUnit.SECONDS).code()).as(pair.log()).isZero();
            }
            pair.awaitRun("w.4", 1);
            assertStillSupervises(pair);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void commandsDuringATakeoverBlockNothing(int seed) throws Exception {
        Random random = new Random(seed);
        try (TestMonitor pair = start(random.nextBoolean() ? "-f" : "-F", WORKERS)) {
            pair.awaitRun("w.2", 1);
            AtomicBoolean enough = new AtomicBoolean();
            List<FutureTask<Outcome>> clients = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                int count = 2 + i;
                clients.add(
                        background(() -> {
                            Outcome last = pair.cli("list");
                            while (!enough.get()) {
                                last = pair.cli("scale", "w", Integer.toString(count));
                                last = pair.cli("reload");
                            }
                            return last;
                        }));
            }
            try {
                for (int kills = 0; kills < 2; kills++) {
                    int old = settledBackup(pair).pid();
                    int primary = pair.row(PRIMARY).pid();
                    if (random.nextBoolean()) {
                        TestProduct.signal("HUP", primary);
                    }
                    TestProduct.signal("KILL", primary);
                    TestProduct.signal("HUP", old);
                    eventually().until(() -> pair.row(PRIMARY).pid() == old);
                }
            } finally {
                enough.set(true);
            }
            for (FutureTask<Outcome> client : clients) {
                assertThat(client.get(60, TimeUnit.SECONDS)).isNotNull();
            }
            assertStillSupervises(pair);
            pair.must("-x");
            assertNothingIsLeft(pair);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void answersCommandsDuringAnUpgrade(int seed) throws Exception {
        try (TestMonitor pair = start("-F", WORKERS)) {
            settledBackup(pair);
            AtomicBoolean enough = new AtomicBoolean();
            FutureTask<Outcome> client =
                    background(() -> {
                        Outcome last = pair.cli("list");
                        while (!enough.get()) {
                            last = pair.cli("scale", "w", "3");
                            // It is replaced, which a script must not take for the end.
                            assertThat(last.err()).doesNotContain("shutting down");
                            last = pair.cli("reload");
                            assertThat(last.err()).doesNotContain("shutting down");
                        }
                        return last;
                    });
            Random random = new Random(seed);
            long moment = random.nextInt(200);
            assertThat(pair.cli("stop", "--timeout", moment + "ms", "nobody").code()).isNotZero();
            pair.must("upgrade");
            enough.set(true);
            assertThat(client.get(60, TimeUnit.SECONDS)).isNotNull();
            assertStillSupervises(pair);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-f", "-F", "--no-backup"})
    void commandsDoNotDelayAShutdown(String option) throws Exception {
        try (TestMonitor pair =
                start(
                        option,
                        Config.of(
                                Config.program(
                                        "web",
                                        "sh -c 'trap \"sleep 1; exit\" TERM; while :; do sleep .1;"
                                                + " done'",
                                        Config.KEPT),
                                Config.program("w", "sleep 1000", "'instances': 2")))) {
            pair.awaitRun("web", 1);
            List<FutureTask<Outcome>> clients = new ArrayList<>();
            FutureTask<Outcome> end = background(() -> pair.cli("-x"));
            for (String[] command :
                    List.of(
                            new String[] {"scale", "w", "3"},
                            new String[] {"reload"},
                            new String[] {"restart", "web"},
                            new String[] {"start", "w.1"})) {
                clients.add(background(() -> pair.cli(command)));
            }
            TestProduct.signal("HUP", pair.pid());
            assertThat(end.get(60, TimeUnit.SECONDS)).isEqualTo(new Outcome(0, "", ""));
            for (FutureTask<Outcome> client : clients) {
                assertThat(client.get(60, TimeUnit.SECONDS)).isNotNull();
            }
            assertThat(pair.awaitExit(Duration.ofSeconds(30))).isZero();
        }
    }

    @Test
    void aLoopThatHangsIsReportedAndTheBackupEndsIt() throws Exception {
        try (TestMonitor pair = startDoomed(WORKERS)) {
            pair.awaitRun("w.2", 1);
            int backup = settledBackup(pair).pid();
            ProcessRow web = pair.row("web");

            doom(DoomedMonitor.HANG);
            eventually().until(() -> pair.cli("stop", "--timeout", "1s", "w.1").code() != 0);
            eventually()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> pair.cli("explain", PRIMARY).out().contains("made no progress"));

            eventually()
                    .atMost(Duration.ofSeconds(90))
                    .until(() -> pair.row(PRIMARY).pid() == backup);
            assertThat(pair.log())
                    .containsPattern("the loop stands still while messages wait for_ms=1[0-9]{4} ")
                    .contains("org.procmon.posix.ProcFile.read")
                    .contains("killing the primary, its loop stands still while messages wait")
                    .contains("taking over");
            assertThat(pair.row("web").pid()).isEqualTo(web.pid());
            assertStillSupervises(pair);
            pair.must("-x");
            assertNothingIsLeft(pair);
        }
    }

    @Test
    void reportsAStoppedMonitorWithoutKillingIt() throws Exception {
        try (TestMonitor pair = start("-F", WORKERS)) {
            int backup = settledBackup(pair).pid();
            int primary = pair.row(PRIMARY).pid();
            TestProduct.signal("STOP", primary);
            try {
                FutureTask<Outcome> list = background(() -> pair.cli("list"));
                patiently()
                        .atMost(Duration.ofSeconds(60))
                        .until(() ->
                                pair.log()
                                        .contains(
                                                "the primary is stopped, nothing is supervised until it continues"));
                always(Duration.ofSeconds(30)).until(() -> !Proc.hasEnded(primary));
                TestProduct.signal("CONT", primary);
                assertThat(list.get(60, TimeUnit.SECONDS)).isNotNull();
            } finally {
                TestProduct.signal("CONT", primary);
            }
            eventually().until(() -> pair.row(PRIMARY).pid() == primary);
            assertThat(pair.row(BACKUP).pid()).isEqualTo(backup);
            assertStillSupervises(pair);
        }
    }

    /** A killed child is replaced; whether the monitor can be shut down shows when it is closed. */
    private static void assertStillSupervises(TestMonitor pair) throws Exception {
        eventually().until(() -> pair.row("web").state().equals("running"));
        ProcessRow before = pair.row("web");
        TestProduct.signal(Signal.KILL.name(), before.pid());
        eventually()
                .until(() -> {
                    ProcessRow web = pair.row("web");
                    return web.runcount() > before.runcount() && web.state().equals("running");
                });
    }

    private static FutureTask<Outcome> background(Callable<Outcome> work) {
        FutureTask<Outcome> task = new FutureTask<>(work);
        Thread.ofVirtual().start(task);
        return task;
    }
}
