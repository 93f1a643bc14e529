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
import org.procmon.control.protocol.ProcessRow;

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
        Path doom = folder.resolve("doom");
        assertThat(Product.run(new ProcessBuilder("mkfifo", doom.toString())).code()).isZero();
        Path home = Path.of(Product.procmon()).resolve("../..").normalize();
        Path tests =
                Path.of(
                        DoomedMonitor.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI());
        String java =
                "exec '%s/runtime/bin/java' '@%s/lib/monitor.options' '-Dprocmon.program=%s'"
                                .formatted(home, home, Product.procmon())
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

    /** It has done all that it can before the primary's end: it hears signals, and watches. */
    private static boolean waits(int pid) {
        return Proc.threads(pid).contains("primary-watchdo");
    }

    /** Between two primaries, connections end. */
    static ConditionFactory eventually() {
        return patiently().ignoreExceptionsInstanceOf(ControlException.class);
    }

    static int kill(TestMonitor pair, String name) throws Exception {
        int pid = pair.row(name).pid();
        Product.signal("KILL", pid);
        return pid;
    }

    static void assertNothingIsLeft(TestMonitor pair) {
        patiently()
                .until(() ->
                        Proc.having("PROCMON_STATE_DIR=" + pair.state()).stream()
                                .allMatch(Proc::hasEnded));
        assertThat(Files.exists(pair.socket(), LinkOption.NOFOLLOW_LINKS)).isFalse();
    }
}
