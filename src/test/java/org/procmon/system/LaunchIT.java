package org.procmon.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * However the programs are launched, they do the same, and a child gets what the launcher was
 * given. Needs root, as some launch for other users or in namespaces.
 */
class LaunchIT {
    private static final int AT_ONCE = 3;

    /** What every program is given that is not launched without any variables. */
    private static final List<String> GIVEN =
            List.of("PATH=/usr/bin:/bin", "LC_ALL=C", "a.b=dotted", "IFS=x", "EMPTY=");

    /**
     * A way to launch.
     *
     * @param lines of shell before the program, whose path is $1, takes the shell's place; $DIR is
     *     the test's folder
     * @param variables what the program is given
     * @param command what executes the program
     */
    private record Launch(String name, String lines, List<String> variables, String command) {
        List<String> wrapper() {
            String given = String.join(" ", variables.stream().map(v -> "'" + v + "'").toList());
            String script =
                    "set -e; " + lines + "\nset -- env -i " + given + " \"$@\"\nexec " + command;
            return List.of("sh", "-c", script, "sh");
        }

        Launch with(List<String> others) {
            return new Launch(name, lines, others, command);
        }
    }

    private static Launch launch(String name, String lines) {
        return launch(name, lines, "\"$@\"");
    }

    private static Launch launch(String name, String lines, String command) {
        return new Launch(name, lines, GIVEN, command);
    }

    private static final List<Launch> LAUNCHES =
            List.of(
                    launch("descriptor 0 closed", "exec <&-"),
                    launch("descriptor 1 closed", "exec >&-"),
                    launch("descriptor 2 closed", "exec 2>&-"),
                    launch("descriptors 0 to 2 closed", "exec <&- >&- 2>&-"),
                    launch("no variables", "").with(List.of()),
                    launch("no useful PATH", "").with(List.of("PATH=/nonexistent")),
                    launch("options for another JVM", "")
                            .with(
                                    List.of(
                                            "PATH=/bin",
                                            "JAVA_TOOL_OPTIONS=-Xmx9999g",
                                            "_JAVA_OPTIONS=-x")),
                    launch("64 descriptors, more if wanted", "ulimit -Sn 64"),
                    launch("64 descriptors at most", "ulimit -n 64"),
                    launch("a umask that hides nothing", "umask 0"),
                    launch(
                            "a umask that hides all, by a uid without an account",
                            "umask 0777",
                            "setpriv --reuid=43210 --regid=43210 --clear-groups \"$@\""),
                    launch(
                            "in a folder that may not be entered",
                            "mkdir -m 700 $DIR/mine; cd $DIR/mine",
                            "setpriv --reuid=43210 --regid=43210 --clear-groups \"$@\""),
                    launch(
                            "in a folder that was removed",
                            "mkdir $DIR/gone; cd $DIR/gone; rmdir $DIR/gone"),
                    launch(
                            "signals ignored and blocked",
                            "",
                            "env --ignore-signal=CHLD,TERM,PIPE --block-signal=TERM,CHLD,USR2 \"$@\""),
                    launch("a nice value", "", "nice -n 5 \"$@\""),
                    launch("no terminal and a session of its own", "", "setsid \"$@\""),
                    launch(
                            "by a link to a link",
                            "ln -s \"$1\" $DIR/a; ln -s a $DIR/b; shift; set -- $DIR/b \"$@\""),
                    launch(
                            "by a relative path",
                            "cd \"${1%/*}\"; p=./${1##*/}; shift; set -- $p \"$@\""),
                    launch(
                            "by its name in a shell",
                            "cd \"${1%/*}\"; p=${1##*/}; shift; set -- sh $p \"$@\""),
                    launch("by PATH", "p=${1##*/}; shift; set -- $p \"$@\"")
                            .with(
                                    List.of(
                                            "PATH="
                                                    + Path.of(TestProduct.procmon()).getParent()
                                                    + ":/bin")),
                    launch(
                            "/tmp without execution, and nothing to be written but the test's folder",
                            // The product itself may lie there.
                            "p=${1%/bin/*}",
                            "unshare -m sh -c 'p=$1; shift; mount --bind $0 $0;"
                                    + " mount --bind /tmp /tmp; mount --bind $0 $0;"
                                    + " mount --bind $p $p; mount -o remount,bind,ro $p;"
                                    + " mount -o remount,bind,ro,noexec /tmp;"
                                    + " mount -o remount,bind,ro /; exec \"$@\"' $DIR $p \"$@\""));

    @TempDir Path folder;

    private interface Check {
        void of(Launch launch, Path folder) throws Exception;
    }

    /** Some at a time; all that fail are told. */
    private void each(List<Launch> launches, Check check) throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Map<String, Throwable> failures = new ConcurrentSkipListMap<>();
        try (ExecutorService some = Executors.newFixedThreadPool(AT_ONCE)) {
            for (Launch launch : launches) {
                Path own = Files.createDirectory(folder.resolve("l" + launches.indexOf(launch)));
                Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxrwxrwx"));
                some.execute(() -> {
                    try {
                        check.of(launch, own);
                    } catch (Exception | AssertionError e) {
                        failures.put(launch.name(), e);
                    }
                });
            }
        }
        for (Map.Entry<String, Throwable> failure : failures.entrySet()) {
            throw new AssertionError(
                    failures.keySet() + " failed; " + failure.getKey(), failure.getValue());
        }
    }

    @Test
    void aMonitorAloneRunsAProcess() throws Exception {
        each(LAUNCHES, (launch, own) -> supervises(launch, own, "--no-backup"));
    }

    @Test
    void aPairRunsAProcess() throws Exception {
        List<Launch> some =
                LAUNCHES.stream()
                        .filter(l ->
                                l.name().matches(".*(0 to 2|variables|if wanted|umask|signals).*"))
                        .toList();
        each(some, (launch, own) -> supervises(launch, own));
    }

    private static void supervises(Launch launch, Path own, String... options) throws Exception {
        Files.writeString(
                own.resolve("procmon.json"), Config.of(Config.program("one", "/bin/sleep 1000")));
        List<String> arguments = new ArrayList<>(List.of("run"));
        arguments.addAll(List.of(options));
        arguments.addAll(List.of("--state-dir", TestProduct.stateFolder(own).toString()));
        arguments.add(own.resolve("procmon.json").toString());
        try (TestMonitor monitor =
                TestMonitor.start(own, launch.wrapper(), arguments.toArray(String[]::new))) {
            int child = monitor.awaitRun("one", 1).pid();
            patiently().until(() -> Proc.commandLine(child).getFirst().equals("/bin/sleep"));
            isAsLaunched(launch, own, child);
            listsIt(launch, own);
            TestProduct.signal("TERM", monitor.pid());
            assertThat(monitor.awaitExit(Duration.ofSeconds(10))).isZero();
            assertThat(monitor.log()).doesNotContain("\tat ", "Exception", "Picked up");
            // Without a useful PATH there is no program that could hold the fifos.
            assertThat(monitor.log().lines().filter(line -> !line.contains("procmon-keeper")))
                    .noneMatch(line -> line.contains(" WARN "));
        }
    }

    private static void isAsLaunched(Launch launch, Path own, int child) throws IOException {
        TreeSet<String> variables = new TreeSet<>(Proc.environment(child));
        variables.remove("");
        TreeSet<String> expected = new TreeSet<>(launch.variables());
        expected.add("PROCMON_ID=one");
        expected.add("PROCMON_RUN=1");
        expected.add("PROCMON_STATE_DIR=" + TestProduct.stateFolder(own));
        assertThat(variables).isEqualTo(expected);

        String fifos = TestProduct.stateFolder(own) + "/fifo/one.";
        assertThat(Proc.descriptors(child))
                .isEqualTo(Map.of(0, "/dev/null", 1, fifos + "out", 2, fifos + "err"));
        for (String set : List.of("SigBlk", "SigIgn", "SigCgt")) {
            assertThat(Proc.status(child, set)).as(set).matches("0*");
        }
        Map<String, String> found = new LinkedHashMap<>();
        found.put("umask", Proc.status(child, "Umask"));
        found.put("files", Proc.limit(child, "Max open files"));
        String lines = launch.lines();
        assertThat(found.get("umask"))
                .isEqualTo(
                        lines.startsWith("umask 0777")
                                ? "0777"
                                : lines.startsWith("umask 0") ? "0000" : "0022");
        if (lines.startsWith("ulimit")) {
            assertThat(found.get("files")).startsWith("64 ");
        }
    }

    private static void listsIt(Launch launch, Path own) throws IOException {
        Path again = Files.createDirectory(own.resolve("again"));
        Files.setPosixFilePermissions(again, PosixFilePermissions.fromString("rwxrwxrwx"));
        List<String> command = new ArrayList<>(launch.wrapper());
        command.addAll(List.of(TestProduct.procmon(), "list", "--state-dir"));
        command.add(TestProduct.stateFolder(own).toString());
        Outcome listed = TestProduct.run(TestProduct.builder(again, command));
        assertThat(listed.code()).as(listed.err()).isZero();
        if (!launch.lines().contains(">&-")) {
            assertThat(listed.out()).contains("one ");
        }
    }

    private static boolean catches(int pid, int signal) {
        return (Long.parseUnsignedLong(Proc.status(pid, "SigCgt"), 16) >> (signal - 1) & 1) != 0;
    }

    @Test
    void aFolderThatWasRemovedIsSpokenOf() throws Exception {
        String script = "mkdir gone; cd gone; rmdir ../gone; exec \"$0\" --version 2>&1";
        Process process =
                TestProduct.builder(folder, List.of("sh", "-c", script, TestProduct.procmon()))
                        .start();
        String told = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).isZero();
        assertThat(told)
                .contains(
                        "procmon: the current folder was removed, so relative paths begin at /\n");
    }

    @Test
    void fcgiProcServesUntilItIsToEnd() throws Exception {
        // Not with SIGTERM ignored, which it respects, as it may be meant so.
        List<Launch> some =
                LAUNCHES.stream()
                        .filter(l -> l.name().matches("(desc|no |opt|.*removed|.*link|.*/tmp).*"))
                        .toList();
        each(
                some,
                (launch, own) -> {
                    Path socket = own.resolve("fcgi.sock");
                    List<String> command = new ArrayList<>(launch.wrapper());
                    command.add(TestProduct.procmon().replaceAll("procmon$", "fcgi_proc"));
                    command.addAll(List.of("--listen", socket.toString()));
                    Path log = own.resolve("fcgi.log");
                    Process process =
                            TestProduct.builder(own, command)
                                    .redirectErrorStream(true)
                                    .redirectOutput(log.toFile())
                                    .start();
                    try {
                        patiently()
                                .failFast("it ended", () -> !process.isAlive())
                                .until(() -> Files.exists(socket));
                        // The last of its handlers; it listens before.
                        patiently().until(() -> catches((int) process.pid(), 10));
                        process.destroy();
                        assertThat(TestProduct.ends(process, Duration.ofSeconds(10))).isTrue();
                        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
                    } finally {
                        process.destroyForcibly();
                    }
                });
    }
}
