package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** As whom and within which bounds processes run, with the whole program. */
@Timeout(60)
class IdentityIT {
    private static final String SECRET = "hunter2";

    @TempDir Path folder = Path.of("");

    /** As many services have it; Java then knows no paths with other letters. */
    @Test
    void aNameThatTheLocaleDoesNotKnowIsNoHindrance() throws Exception {
        String copy = "cp /bin/sleep \"$0/schl$(printf '\\303\\244')fer\"";
        assertThat(TestProduct.run(new ProcessBuilder("sh", "-c", copy, folder.toString())))
                .isEqualTo(new Outcome(0, "", ""));
        String program = folder + "/schl\u00e4fer 1000";
        String configuration =
                Config.of(
                        Config.program("web", program, Config.KEPT),
                        Config.program("app", program, Config.KEPT, "'nice': 1"));
        try (TestMonitor monitor = TestMonitor.start(folder, configuration, "env", "LC_ALL=C")) {
            int web = monitor.awaitRun("web", 1).pid();
            int app = monitor.awaitRun("app", 1).pid();
            for (int pid : new int[] {web, app}) {
                patiently().until(() -> Proc.status(pid, "Name").startsWith("schl"));
            }
        }
    }

    @Test
    void runsWithTheConfiguredIdentityUnderTheShownPid() throws Exception {
        expectRoot();
        Path env = secret("web.env", "PASSWORD=" + SECRET + "\n", "rw-------");
        String web =
                Config.script(
                        "web",
                        "echo again >/dev/stderr; exec sleep 1000",
                        Config.KEPT,
                        "'user': 'nobody'",
                        "'groups': ['daemon']",
                        "'umask': '027'",
                        "'nice': 4",
                        "'no_new_privs': true",
                        "'capabilities': ['net_bind_service']",
                        "'limits': {'nofile': '64:128', 'core': 0}",
                        "'env_file': ['-none.env', '" + env + "']",
                        "'clear_env': true");
        try (TestMonitor monitor = TestMonitor.start(folder, Config.of(web))) {
            int pid = monitor.awaitRun("web", 1).pid();
            patiently().until(() -> Proc.commandLine(pid).equals(List.of("sleep", "1000", "")));

            Proc.Stat asleep = new Proc.Stat(pid, 'S', monitor.pid(), pid, pid, 0);
            patiently().untilAsserted(() -> assertThat(Proc.stat(pid)).contains(asleep));
            assertThat(Proc.status(pid, "Uid")).isEqualTo("65534\t65534\t65534\t65534");
            assertThat(Proc.status(pid, "Gid")).isEqualTo("65534\t65534\t65534\t65534");
            assertThat(Proc.status(pid, "Groups")).isEqualTo("1");
            assertThat(Proc.status(pid, "Umask")).isEqualTo("0027");
            assertThat(Proc.status(pid, "NoNewPrivs")).isEqualTo("1");
            assertThat(Proc.status(pid, "CapEff")).isEqualTo("0000000000000400");
            assertThat(Proc.status(pid, "CapBnd")).isEqualTo("0000000000000400");
            assertThat(Proc.limit(pid, "Max open files")).isEqualTo("64 128 files");
            assertThat(Proc.limit(pid, "Max core file size")).isEqualTo("0 0 bytes");
            assertThat(Proc.environment(pid))
                    .filteredOn(a -> !a.isEmpty() && !a.startsWith("PWD=") && !a.startsWith("_="))
                    .containsExactlyInAnyOrder(
                            "PATH=" + System.getenv("PATH"),
                            "PROCMON_ID=web",
                            "PROCMON_RUN=1",
                            "PROCMON_STATE_DIR=" + monitor.state(),
                            "HOME=/nonexistent",
                            "USER=nobody",
                            "LOGNAME=nobody",
                            "SHELL=/usr/sbin/nologin",
                            "PASSWORD=" + SECRET);
            patiently().until(() -> monitor.lines("state/log/web.err").equals(List.of("again")));

            TestProduct.signal("KILL", pid);
            int next = monitor.awaitRun("web", 2).pid();
            patiently().until(() -> Proc.commandLine(next).equals(List.of("sleep", "1000", "")));
            patiently()
                    .until(() ->
                            monitor.lines("state/log/web.err").equals(List.of("again", "again")));
            for (String command : List.of("status", "list")) {
                Outcome outcome = monitor.cli(command, "web");
                assertThat(outcome.out() + outcome.err()).doesNotContain(SECRET);
            }
            assertThat(monitor.log()).doesNotContain(SECRET);
        }
    }

    @Test
    void theNextMonitorAdoptsAProcessOfAnotherUser() throws Exception {
        expectRoot();
        String web =
                Config.script(
                        "web",
                        "echo one; while sleep 0.1;" + " do echo more >/dev/stdout; done",
                        Config.KEPT,
                        "'user': 'nobody'");
        TestMonitor first = TestMonitor.start(folder, Config.of(web));
        int pid = first.awaitRun("web", 1).pid();
        patiently().until(() -> first.lines("state/log/web.log").size() > 2);
        first.kill();
        int lines = first.lines("state/log/web.log").size();

        try (TestMonitor next = TestMonitor.start(folder, Config.of(web))) {
            assertThat(next.awaitRun("web", 1).pid()).isEqualTo(pid);
            patiently().until(() -> next.lines("state/log/web.log").size() > lines + 5);
            assertThat(next.lines("state/log/web.log").subList(1, lines + 5)).containsOnly("more");
        }
    }

    @Test
    void aFailedStartGivesItsReasonWithoutSecrets() throws Exception {
        expectRoot();
        Path open = secret("open.env", "PASSWORD=" + SECRET + "\n", "rw-r--r--");
        Path bad = secret("bad.env", SECRET + "\n", "rw-------");
        Map<String, String> reasons = new TreeMap<>();
        reasons.put(
                "'user': 'no-such-user'", "cannot run as user 'no-such-user': there is no such");
        reasons.put(
                "'group': 'no-such'", "cannot run with group 'no-such': there is no such group");
        reasons.put(
                "'limits': {'nofile': '10:4000000000'}", "cannot set limit 'nofile' to 4000000000");
        reasons.put(
                "'env_file': '" + open + "'",
                "cannot read env_file '" + open + "': its mode 0644 lets everybody read it; do");
        reasons.put("'env_file': '" + bad + "'", "'" + bad + "': line 1 is no NAME=VALUE");
        reasons.put("'env_file': 'none.env'", "none.env': No such file or directory");
        reasons.put("'chroot': 'nowhere'", "nowhere': there is no such folder");
        List<String> keys = List.copyOf(reasons.keySet());
        List<String> processes = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            processes.add(Config.program("p" + i, "sleep 1000", "'skip': true", keys.get(i)));
        }
        try (TestMonitor monitor =
                TestMonitor.start(folder, Config.of(processes.toArray(String[]::new)))) {
            for (int i = 0; i < keys.size(); i++) {
                Outcome outcome = monitor.cli("start", "p" + i);
                assertThat(outcome.code()).as(keys.get(i)).isEqualTo(1);
                assertThat(outcome.err())
                        .startsWith("procmon: cannot start p" + i + ": ")
                        .contains(reasons.get(keys.get(i)))
                        .doesNotContain(SECRET);
                assertThat(monitor.row("p" + i).state()).isEqualTo("failed");
                assertThat(monitor.row("p" + i).cause()).contains(reasons.get(keys.get(i)));
                assertThat(monitor.cli("status", "p" + i).out()).doesNotContain(SECRET);
            }
            assertThat(monitor.log()).doesNotContain(SECRET);
        }
    }

    @Test
    void accountsAndFilesAreLookedAtAgainAtEachStart() throws Exception {
        Path env = secret("web.env", "COLOUR=red\n", "rw-r--r--");
        String web =
                Config.program(
                        "web",
                        "sleep 1000",
                        Config.KEPT,
                        "'skip': true",
                        "'env_file': '" + env + "'");
        try (TestMonitor monitor = TestMonitor.start(folder, Config.of(web))) {
            assertThat(monitor.cli("start", "web").err()).contains("chmod 600 " + env);
            Files.setPosixFilePermissions(env, PosixFilePermissions.fromString("rw-------"));
            monitor.must("start", "web");

            int pid = monitor.awaitRun("web", 1).pid();
            assertThat(Proc.environment(pid)).contains("COLOUR=red");
            Files.writeString(env, "COLOUR=blue\n");
            monitor.must("restart", "web");
            assertThat(Proc.environment(monitor.row("web").pid())).contains("COLOUR=blue");
        }
    }

    private Path secret(String name, String text, String mode) throws Exception {
        Path file = Files.writeString(folder.resolve(name), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    /** Without root these tests fail, rather than being left out unseen. */
    private static void expectRoot() throws Exception {
        assertThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))
                .as("this test starts programs as other users, so it must be run by root")
                .isEqualTo(0);
    }
}
