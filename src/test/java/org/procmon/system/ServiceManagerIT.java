package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.posix.DatagramInbox.Message;
import org.procmon.posix.Processes;

/** A monitor that a service manager has started, and watches. */
@Timeout(300)
class ServiceManagerIT extends Pairs {
    private static final long ONE_SECOND = 1_000_000;
    private static final long ONE_MINUTE = 60 * ONE_SECOND;
    private static final String WEB =
            Config.script("web", "env > \"$DIR/variables\"; exec sleep 1000", Config.KEPT);
    private static final String JOB = Config.script("job", "exit 3", "'restart': 'never'");

    private Optional<FakeServiceManager> listening = Optional.empty();

    @AfterEach
    void close() {
        listening.ifPresent(FakeServiceManager::close);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--no-backup", "-f", "-F"})
    void receivesTheMonitorsState(String option) throws Exception {
        FakeServiceManager manager = listen();
        try (TestMonitor monitor = startService(manager, option, ONE_SECOND, Config.of(WEB))) {
            int main = monitor.pid();
            Message ready = manager.await("READY=1");
            assertThat(ready.text()).startsWith("READY=1\nMAINPID=" + main + "\nSTATUS=");
            assertThat(ready.pid()).isEqualTo(monitor.row(PRIMARY).pid());
            manager.await("WATCHDOG=1");
            manager.await("WATCHDOG=1");
            assertThat(manager.await("WATCHDOG=1").pid()).isEqualTo(ready.pid());

            configuration(Config.of(WEB, JOB));
            assertThat(monitor.cli("reload").code()).isZero();
            Message reloading = manager.await("RELOADING=1\nMONOTONIC_USEC=");
            assertThat(reloading.pid()).isEqualTo(ready.pid());
            manager.awaitInAnyOrder("READY=1\nMAINPID=" + main, "STATUS=1 of 2 up; failed: job");
            TestProduct.signal("HUP", main);
            manager.await("RELOADING=1\nMONOTONIC_USEC=");
            manager.await("READY=1");

            monitor.must("-x");
            manager.await("STOPPING=1");
            List<Message> last = manager.rest();
            assertThat(last).extracting(Message::text).noneMatch(text -> text.contains("READY"));
            assertNothingIsLeft(monitor);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--no-backup", "-f", "-F"})
    void processesDoNotSeeTheNotifySocket(String option) throws Exception {
        FakeServiceManager manager = listen();
        try (TestMonitor monitor = startService(manager, option, ONE_MINUTE, Config.of(WEB))) {
            manager.await("READY=1");
            TestMonitor.patiently().until(() -> monitor.lines("variables").size() > 3);
            assertThat(monitor.lines("variables"))
                    .noneMatch(line -> line.contains("NOTIFY_SOCKET"))
                    .noneMatch(line -> line.contains("WATCHDOG_"))
                    .anyMatch(line -> line.startsWith("PROCMON_STATE_DIR="));
            for (int keeper : Proc.having("PROCMON_ID=procmon-keeper")) {
                assertThat(Processes.beginning(keeper, Set.of("NOTIFY_SOCKET"))).isEmpty();
            }
        }
    }

    @Test
    void aMonitorThatIsStoppedFeedsNoWatchdog() throws Exception {
        FakeServiceManager manager = listen();
        try (TestMonitor monitor =
                startService(manager, "--no-backup", ONE_SECOND, Config.of(WEB))) {
            manager.await("READY=1");
            manager.await("WATCHDOG=1");
            TestProduct.signal("STOP", monitor.pid());
            TestMonitor.patiently()
                    .until(() -> Proc.status(monitor.pid(), "State").startsWith("T"));
            manager.expectSilence(Duration.ofSeconds(3));
            TestProduct.signal("CONT", monitor.pid());
            manager.await("WATCHDOG=1");
        }
    }

    @Test
    void withoutAWatchdogAnIdleMonitorSaysNothing() throws Exception {
        FakeServiceManager manager = listen();
        List<String> wrapper = List.of("env", "-u", "WATCHDOG_USEC", "-u", "WATCHDOG_PID");
        List<String> all = new ArrayList<>(manager.starting(1));
        all.addAll(wrapper);
        String file = configuration(Config.of(WEB));
        try (TestMonitor monitor = TestMonitor.start(folder, all, "run", "--no-backup", file)) {
            Message ready = manager.await("READY=1\nMAINPID=" + monitor.pid());
            if (!ready.text().endsWith("STATUS=1 of 1 up")) {
                manager.await("STATUS=1 of 1 up");
            }
            manager.expectSilence(Duration.ofSeconds(3));
        }
    }

    @Test
    void receivesTheNewMainPidAfterATakeover() throws Exception {
        FakeServiceManager manager = listen();
        try (TestMonitor pair = startService(manager, "-f", ONE_SECOND, Config.of(WEB))) {
            manager.await("READY=1\nMAINPID=" + pair.pid());
            int backup = settledBackup(pair).pid();
            assertThat(backup).isEqualTo(pair.pid());

            kill(pair, PRIMARY);

            // Those of the old primary wait in the queue.
            TestMonitor.patiently().until(() -> manager.await("READY=1").pid() == backup);
            assertThat(manager.await("WATCHDOG=1").pid()).isEqualTo(backup);
            int next = settledBackup(pair).pid();
            assertThat(next).isNotEqualTo(backup);

            kill(pair, PRIMARY);

            Message third = manager.await("READY=1");
            assertThat(third.text()).startsWith("READY=1\nMAINPID=" + next);
            assertThat(third.pid()).isEqualTo(next);
            assertThat(manager.await("WATCHDOG=1").pid()).isEqualTo(next);
            pair.must("-x");
            assertNothingIsLeft(pair);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--no-backup", "-f"})
    void receivesAnUpgrade(String option) throws Exception {
        FakeServiceManager manager = listen();
        try (TestMonitor monitor = startService(manager, option, ONE_SECOND, Config.of(WEB))) {
            int primary = manager.await("READY=1").pid();
            if (option.equals("-f")) {
                settledBackup(monitor);
            }

            monitor.must("upgrade");

            // Also where the process that it knew as the main one is replaced.
            Message ready = manager.await("READY=1");
            assertThat(ready.pid()).isEqualTo(primary);
            assertThat(ready.text()).startsWith("READY=1\nMAINPID=" + primary + "\n");
            assertThat(manager.await("WATCHDOG=1").pid()).isEqualTo(primary);
            monitor.must("-x");
            assertNothingIsLeft(monitor);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nonexistent/socket", "@procmon-test-nobody", "nonsense", "/"})
    void runsWithoutAListeningServiceManager(String socket) throws Exception {
        List<String> wrapper = List.of("env", "NOTIFY_SOCKET=" + socket, "WATCHDOG_USEC=20000");
        String file = configuration(Config.of(WEB));
        try (TestMonitor monitor = TestMonitor.start(folder, wrapper, "run", "--no-backup", file)) {
            monitor.awaitRun("web", 1);
            TestMonitor.patiently()
                    .until(() -> monitor.log().contains("cannot notify the service manager"));
            TestMonitor.always(Duration.ofSeconds(1)).until(() -> monitor.cli("-l").code() == 0);
            assertThat(monitor.log()).containsOnlyOnce("cannot notify the service manager");
        }
    }

    private FakeServiceManager listen() {
        FakeServiceManager manager = FakeServiceManager.listen(folder);
        listening = Optional.of(manager);
        return manager;
    }

    private TestMonitor startService(
            FakeServiceManager manager, String option, long watchdog, String configuration)
            throws Exception {
        String file = configuration(configuration);
        List<String> wrapper = manager.starting(watchdog);
        return option.startsWith("--")
                ? TestMonitor.start(folder, wrapper, "run", option, file)
                : TestMonitor.start(folder, wrapper, option, file);
    }
}
