package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.status.fields.ProcessRow;

/** A monitor is killed, and another is started where it was. */
@Timeout(300)
class AdoptionIT {
    private static final int KILLS = 12;

    /** A session of its own that began with the same variables, and is older than nobody. */
    private static final String LEAVES_A_SESSION =
            "setsid sleep 1000 & echo $$ >$DIR/up; exec sleep 1000";

    @TempDir Path folder = Path.of("");

    @Test
    void theNextMonitorAdoptsTheSameRuns() throws Exception {
        String configuration =
                Config.of(
                        Config.program("web", "sleep 1000", Config.KEPT),
                        Config.script("job", "echo ran >>$DIR/job; exit 0"));
        try (TestMonitor first = TestMonitor.start(folder, configuration)) {
            ProcessRow web = first.awaitRun("web", 1);
            first.awaitState("job", "completed");
            first.kill();
            try (TestMonitor second = TestMonitor.start(folder, configuration)) {
                ProcessRow adopted = second.awaitRun("web", 1);
                assertThat(adopted.pid()).isEqualTo(web.pid());
                assertThat(adopted.runcount()).isEqualTo(1);
                assertThat(adopted.ageMs()).isGreaterThanOrEqualTo(web.ageMs());
                assertThat(second.row("job").state()).isEqualTo("completed");
                assertThat(second.lines("job")).hasSize(1);
                assertThat(second.row("procmon1").runcount()).isEqualTo(2);

                TestProduct.signal("TERM", adopted.pid());
                ProcessRow again = second.awaitRun("web", 2);
                assertThat(again.lastExit().orElseThrow().signal()).contains("TERM");
            }
        }
    }

    @Test
    void restartsOnceAfterAnUnobservedExit() throws Exception {
        String configuration = Config.of(Config.program("web", "sleep 1000", Config.KEPT));
        try (TestMonitor first = TestMonitor.start(folder, configuration)) {
            int pid = first.awaitRun("web", 1).pid();
            first.kill();
            TestProduct.signal("KILL", pid);
            patiently().until(() -> !Proc.exists(pid));
            try (TestMonitor second = TestMonitor.start(folder, configuration)) {
                ProcessRow web = second.awaitRun("web", 2);
                assertThat(web.pid()).isNotEqualTo(pid);
                assertThat(web.runcount()).isEqualTo(2);
                assertThat(web.lastExit().orElseThrow().code()).isEmpty();
                assertThat(web.lastExit().orElseThrow().signal()).isEmpty();
                assertThat(web.cause()).contains("its exit status is unknown");
            }
        }
    }

    @Test
    void whatAnOperatorDecidedHoldsForTheNextMonitor() throws Exception {
        String configuration =
                Config.of(
                        Config.program("web", "sleep 1000", Config.KEPT),
                        Config.program("old", "sleep 1000", Config.KEPT),
                        Config.program("other", "sleep 1000", Config.KEPT));
        try (TestMonitor first = TestMonitor.start(folder, configuration)) {
            first.must("stop", "web");
            first.must("delete", "old");
            first.kill();
            try (TestMonitor second = TestMonitor.start(folder, configuration)) {
                second.awaitRun("other", 1);
                assertThat(second.row("web").state()).isEqualTo("stopped");
                assertThat(second.rows())
                        .extracting(ProcessRow::name)
                        .containsExactly("procmon1", "web", "other");
            }
            // In order this time: both decisions hold until the configuration is read again.
            try (TestMonitor third = TestMonitor.start(folder, configuration)) {
                third.awaitRun("other", 2);
                assertThat(third.row("web").state()).isEqualTo("stopped");
                assertThat(third.rows())
                        .extracting(ProcessRow::name)
                        .containsExactly("procmon1", "web", "other");
                assertThat(third.log())
                        .contains("still stopped by an operator processes=web")
                        .contains("still deleted by an operator processes=old");
                assertThat(third.cli("reload").code()).isZero();
                third.awaitRun("old", 1);
                assertThat(third.row("web").state()).isEqualTo("stopped");
            }
        }
    }

    @Test
    void aProcessThatTheConfigurationNoLongerNamesIsStopped() throws Exception {
        String both =
                Config.of(
                        Config.program("web", "sleep 1000", Config.KEPT),
                        Config.program("old", "sleep 1000", Config.KEPT));
        String one = Config.of(Config.program("web", "sleep 1000", Config.KEPT));
        try (TestMonitor first = TestMonitor.start(folder, both)) {
            int old = first.awaitRun("old", 1).pid();
            first.awaitRun("web", 1);
            first.kill();
            try (TestMonitor second = TestMonitor.start(folder, one)) {
                patiently().until(() -> !Proc.exists(old));
                patiently()
                        .untilAsserted(() ->
                                assertThat(second.rows())
                                        .extracting(ProcessRow::name)
                                        .containsExactly("procmon1", "web"));
            }
        }
    }

    @Test
    void ignoresAForgedJournal() throws Exception {
        String configuration = Config.of(Config.program("web", "sleep 1000", Config.KEPT));
        Process stranger = new ProcessBuilder("sleep", "1000").start();
        try (TestMonitor first = TestMonitor.start(folder, configuration)) {
            Path record = first.state().resolve("journal/web.json");
            int pid = first.awaitRun("web", 1).pid();
            first.kill();
            TestProduct.signal("KILL", pid);
            // The pid of a process that was born at another time.
            Journals.forge(record, "\"pid\":" + pid + ",", "\"pid\":" + stranger.pid() + ",");
            try (TestMonitor second = TestMonitor.start(folder, configuration)) {
                ProcessRow web = second.awaitRun("web", 2);
                assertThat(web.pid()).isNotEqualTo((int) stranger.pid());
                assertThat(web.cause()).contains("its exit status is unknown");
            }
            Files.writeString(record, "{\"format\":2,");
            try (TestMonitor third = TestMonitor.start(folder, configuration)) {
                assertThat(third.awaitRun("web", 3).runcount()).isEqualTo(3);
                assertThat(third.log()).contains("web.json").contains("set-aside");
            }
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void findsARunWithADamagedRecord() throws Exception {
        String configuration =
                Config.of(
                        Config.script("web", LEAVES_A_SESSION, Config.KEPT),
                        Config.program("job", "true"));
        try (TestMonitor killed = TestMonitor.start(folder, configuration)) {
            killed.awaitRun("web", 1);
            killed.must("restart", "web");
            int pid = killed.awaitRun("web", 2).pid();
            patiently().until(() -> killed.number("up") == pid);
            killed.awaitState("job", "completed");
            killed.kill();
            Files.writeString(killed.state().resolve("journal/web.json"), "{\"format\":2,");
            Files.writeString(killed.state().resolve("journal/job.json"), "");
            try (TestMonitor next = TestMonitor.start(folder, configuration)) {
                assertThat(next.row("web").pid()).isEqualTo(pid);
                assertThat(next.row("web").runcount()).isEqualTo(2);
                assertThat(next.log())
                        .contains(
                                "web runs, but the journal does not list it pid=" + pid + " run=2");
                next.kill();
                try (TestMonitor last = TestMonitor.start(folder, configuration)) {
                    assertThat(last.row("web").pid()).isEqualTo(pid);
                    assertThat(last.log()).doesNotContain("web found a run");
                    last.must("stop", "web");
                    assertThat(Proc.hasEnded(pid)).isTrue();
                }
            }
        }
    }

    @Test
    void howeverOftenItIsKilledThereIsOneCopyOfEach() throws Exception {
        String configuration =
                Config.of(
                        Config.script(
                                "one",
                                "mkdir $DIR/lock || echo twice >>$DIR/bad; exec sleep 1000",
                                Config.KEPT),
                        Config.program("two", "sleep 1000", Config.KEPT));
        try (TestMonitor first = TestMonitor.start(folder, configuration)) {
            int one = first.awaitRun("one", 1).pid();
            int two = first.awaitRun("two", 1).pid();
            first.kill();
            for (int i = 0; i < KILLS; i++) {
                TestMonitor next = TestMonitor.start(folder, configuration);
                assertThat(next.row("one").pid()).isEqualTo(one);
                assertThat(next.row("two").pid()).isEqualTo(two);
                next.kill();
            }
            try (TestMonitor last = TestMonitor.start(folder, configuration)) {
                assertThat(last.row("one").runcount()).isEqualTo(1);
                assertThat(last.row("procmon1").runcount()).isEqualTo(KILLS + 2);
                assertThat(last.lines("bad")).isEmpty();
            }
        }
    }
}
