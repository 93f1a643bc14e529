package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.control.client.ControlException;
import org.procmon.status.fields.ProcessRow;

/** Starts pairs of monitors, each test in a folder of its own. */
abstract class Pairs {
    static final String PRIMARY = "procmon1";
    static final String BACKUP = "procmon2";

    /** Longer than a primary must live to be followed by the backup itself. */
    private static final Duration INFANCY = Duration.ofMillis(2500);

    @TempDir Path folder = Path.of("");

    TestMonitor start(String option) throws Exception {
        return start(option, web());
    }

    TestMonitor start(String option, String configuration) throws Exception {
        String file = configuration(configuration);
        // A shell that started the tests in the background may have them ignore SIGINT.
        List<String> wrapper = List.of("env", "--default-signal=INT,TERM,HUP");
        return option.startsWith("--")
                ? TestMonitor.start(folder, wrapper, "run", option, file)
                : TestMonitor.start(folder, wrapper, option, file);
    }

    /** A pair whose first primary does as it is told by {@link #doom}. */
    TestMonitor startDoomed(String configuration) throws Exception {
        return startDoomed(configuration, "");
    }

    /**
     * As above.
     *
     * @param option one more for the first primary's JVM
     */
    TestMonitor startDoomed(String configuration, String option) throws Exception {
        Path doom = folder.resolve("doom");
        assertThat(TestProduct.run(new ProcessBuilder("mkfifo", doom.toString())).code()).isZero();
        Path home = Path.of(TestProduct.procmon()).resolve("../..").normalize();
        Path tests =
                Path.of(
                        DoomedMonitor.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI());
        String java =
                "exec '%s/runtime/bin/java' '@%s/lib/monitor.options' '-Dprocmon.program=%s' %s"
                                .formatted(home, home, TestProduct.procmon(), option)
                        + " -cp '%s:%s/lib/*' %s \"$@\""
                                .formatted(tests, home, DoomedMonitor.class.getName());
        return TestMonitor.start(
                folder,
                List.of("sh", "-c", "shift; " + java, "sh"),
                "-F",
                configuration(configuration));
    }

    void doom(String what) throws Exception {
        Files.writeString(folder.resolve("doom"), what);
    }

    String configuration(String text) throws Exception {
        return Files.writeString(folder.resolve("procmon.json"), text).toString();
    }

    static String web() {
        return Config.of(Config.program("web", "sleep 1000", Config.KEPT));
    }

    /** The backup, once it has a primary that is no longer young. */
    static ProcessRow settledBackup(TestMonitor pair) throws Exception {
        eventually()
                .until(() -> {
                    boolean grown = pair.row(PRIMARY).ageMs() > INFANCY.toMillis();
                    ProcessRow backup = pair.row(BACKUP);
                    return grown && backup.state().equals("running") && waits(backup.pid());
                });
        return pair.row(BACKUP);
    }

    /** It looks at the primary. The kernel keeps 15 characters of a thread's name. */
    private static boolean waits(int pid) {
        return Proc.threads(pid).contains("primary-watchdo");
    }

    /** A thread of a monitor takes the signals that its launcher has blocked. */
    static boolean takesSignals(int pid) {
        return Proc.threads(pid).contains("signals");
    }

    /** Between two primaries, connections end. */
    static ConditionFactory eventually() {
        return patiently().ignoreExceptionsInstanceOf(ControlException.class);
    }

    static int kill(TestMonitor pair, String name) throws Exception {
        int pid = pair.row(name).pid();
        TestProduct.signal("KILL", pid);
        return pid;
    }

    static void assertNothingIsLeft(TestMonitor pair) {
        patiently().untilAsserted(() -> assertThat(left(pair.state())).as(pair.log()).isEmpty());
        assertThat(Files.exists(pair.socket(), LinkOption.NOFOLLOW_LINKS)).isFalse();
    }

    /** What still runs of a monitor with this state folder: how, and with which variables. */
    private static List<String> left(Path state) {
        return Proc.having("PROCMON_STATE_DIR=" + state).stream()
                .filter(pid -> !Proc.hasEnded(pid))
                .map(pid ->
                        Proc.stat(pid)
                                + " "
                                + Proc.commandLine(pid)
                                + Proc.environment(pid).stream()
                                        .filter(variable -> variable.startsWith("PROCMON_"))
                                        .toList())
                .toList();
    }
}
