package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What was imported runs as the manual of the original says that it does. */
@Timeout(90)
class ImportIT {
    private static final String SYSTEM_PATH =
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /** Its first process and its child write which signals they get, and how they were started. */
    private static final String LISTENER =
            """
            say() { echo "$1" >>"$0.said"; }
            trap 'say main-HUP' HUP
            trap 'say main-USR2; exit 0' USR2
            (trap 'say child-USR2' USR2; say child; while :; do sleep 0.1; done) &
            say main
            while :; do wait; done
            """;

    @TempDir Path folder = Path.of("");

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text.replace("DIR", folder.toString()));
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    }

    /** The configuration that an import gives, in an environment with some variables more. */
    private String imported(List<String> notes, List<String> variables, String... operands)
            throws IOException {
        List<String> command = new ArrayList<>(List.of("env"));
        command.addAll(variables);
        command.addAll(List.of(TestProduct.procmon(), "import"));
        command.addAll(List.of(operands));
        Outcome outcome = TestProduct.run(TestProduct.builder(folder, command));
        assertThat(outcome.code()).as(outcome.err()).isZero();
        for (String line : outcome.err().split("\n", -1)) {
            if (!line.isEmpty()) {
                notes.add(line.replace(folder + "/", ""));
            }
        }
        return outcome.out();
    }

    private static TestMonitor start(Path folder, String configuration, List<String> variables)
            throws IOException {
        List<String> wrapper = new ArrayList<>(List.of("env"));
        wrapper.addAll(variables);
        return TestMonitor.start(folder, configuration, wrapper.toArray(String[]::new));
    }

    private static Map<String, String> environment(int pid) {
        Map<String, String> variables = new TreeMap<>();
        for (String assignment : Proc.environment(pid)) {
            int equals = assignment.indexOf('=');
            boolean ours = assignment.startsWith("PROCMON_");
            if (equals > 0 && !ours) {
                variables.put(assignment.substring(0, equals), assignment.substring(equals + 1));
            }
        }
        return variables;
    }

    private static String cwd(int pid) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/" + pid + "/cwd")).toString();
    }

    /** Waits until a process is the program that its tools lead to, and gives its arguments. */
    private static List<String> arguments(int pid, String last) {
        patiently()
                .until(() -> {
                    List<String> words = Proc.commandLine(pid);
                    return words.size() > 2
                            && words.get(words.size() - 2).equals(last)
                            && !words.getFirst().endsWith("setpriv")
                            && !words.contains("exec \"$@\"")
                            && words.stream().noneMatch(word -> word.contains("; exec "));
                });
        List<String> words = Proc.commandLine(pid);
        return words.subList(0, words.size() - 1);
    }

    private static void expectRoot() {
        Assumptions.assumeThat(System.getProperty("user.name")).isEqualTo("root");
    }

    @Test
    void aServiceOfSystemdIsWhatItsUnitSays() throws Exception {
        expectRoot();
        write(
                "default",
                "C=/b\nLONG=one \\\n  two\n; no\nQ=\"a # b\"\nexport NO=1\nWORDS=\"x y\"\n");
        write("env.d/10.env", "D=ten\n");
        write("env.d/20.env", "D=twenty\n");
        write("listener.sh", LISTENER);
        write(
                "units/full.service",
                """
                [Service]
                User=nobody
                Group=daemon
                SupplementaryGroups=adm
                UMask=0027
                Nice=3
                NoNewPrivileges=yes
                AmbientCapabilities=CAP_NET_BIND_SERVICE
                CapabilityBoundingSet=CAP_NET_BIND_SERVICE
                LimitNOFILE=64:128
                LimitMEMLOCK=1M
                Environment=C=/a D=unit "E=only here"
                PassEnvironment=PASSED
                EnvironmentFile=-DIR/default
                EnvironmentFile=DIR/env.d/*.env
                EnvironmentFile=-/no/such/file
                WorkingDirectory=/usr
                ExecStart=/bin/sh -c 'sleep 1000; :' a ${C} $WORDS "${WORDS}" '%p  %%' $$HOME last
                """);
        write(
                "units/bare.service",
                "[Service]\nCapabilityBoundingSet=\nExecStart=/bin/sh -c 'sleep 1000; :' last\n");
        write(
                "units/nobody.service",
                """
                [Service]
                User=nobody
                UnsetEnvironment=LANG
                ExecStart=/bin/sh -c 'sleep 1000; :' last
                """);
        write(
                "units/mixed.service",
                """
                [Service]
                KillMode=mixed
                KillSignal=SIGUSR2
                TimeoutStopSec=infinity
                ExecReload=/bin/kill -HUP $MAINPID
                ExecStart=/bin/sh DIR/listener.sh
                """);
        write(
                "units/tick.service",
                """
                [Service]
                Type=oneshot
                ExecStart=-/bin/false
                ExecStart=/bin/sh -c 'echo tick >>DIR/ticks'
                """);
        write("units/tick.timer", "[Timer]\nOnCalendar=*:*:*\nAccuracySec=1s\n");

        List<String> notes = new ArrayList<>();
        List<String> variables = List.of("PASSED=yes", "NOT_PASSED=no");
        List<String> files = new ArrayList<>(List.of("systemd"));
        for (String unit :
                List.of("full.service", "bare.service", "nobody.service", "mixed.service")) {
            files.add(folder.resolve("units/" + unit).toString());
        }
        files.add(folder.resolve("units/tick.service").toString());
        files.add(folder.resolve("units/tick.timer").toString());
        String configuration = imported(notes, variables, files.toArray(String[]::new));
        assertThat(notes)
                .containsExactly(
                        "units/full.service:13: [Service] PassEnvironment: the value that PASSED has"
                                + " now is written",
                        "units/full.service:2: [Service] User: no equivalent: HOME, SHELL: set for"
                                + " this user, while systemd leaves them unset",
                        "units/full.service:18: [Service] ExecStart: a shell splits what WORDS has"
                                + " at its blanks; unlike in systemd, quotes in it stay",
                        "units/tick.timer:3: [Timer] AccuracySec: no equivalent: it starts at its"
                                + " time");
        try (TestMonitor monitor = start(folder, configuration, variables)) {
            assertThat(monitor.cli("check", monitor.file("procmon.json").toString()).code())
                    .isZero();
            expectFull(monitor.awaitRun("full", 1).pid());
            int bare = monitor.awaitRun("bare", 1).pid();
            assertThat(arguments(bare, "last"))
                    .containsExactly("/bin/sh", "-c", "sleep 1000; :", "last");
            assertThat(cwd(bare)).isEqualTo("/");
            assertThat(Proc.status(bare, "CapEff")).isEqualTo("0000000000000000");
            assertThat(Proc.status(bare, "CapBnd")).isEqualTo("0000000000000000");
            assertThat(Proc.status(bare, "Umask")).isEqualTo("0022");
            assertThat(Proc.status(bare, "Uid")).isEqualTo("0\t0\t0\t0");
            assertThat(environment(bare))
                    .containsOnly(Map.entry("PATH", SYSTEM_PATH), Map.entry("LANG", "C.UTF-8"));
            int nobody = monitor.awaitRun("nobody", 1).pid();
            arguments(nobody, "last");
            assertThat(environment(nobody))
                    .containsOnly(
                            Map.entry("PATH", SYSTEM_PATH),
                            Map.entry("USER", "nobody"),
                            Map.entry("LOGNAME", "nobody"));
            expectSignals(monitor, "mixed", "main-HUP", "main-USR2");
            patiently().until(() -> !monitor.lines("ticks").isEmpty());
            assertThat(monitor.row("tick").runcount()).isPositive();
        }
    }

    private static void expectFull(int pid) throws IOException {
        assertThat(arguments(pid, "last"))
                .containsExactly(
                        "/bin/sh",
                        "-c",
                        "sleep 1000; :",
                        "a",
                        "/b",
                        "x",
                        "y",
                        "x y",
                        "full  %",
                        "$HOME",
                        "last");
        assertThat(environment(pid))
                .containsOnly(
                        Map.entry("PATH", SYSTEM_PATH),
                        Map.entry("LANG", "C.UTF-8"),
                        Map.entry("HOME", "/nonexistent"),
                        Map.entry("USER", "nobody"),
                        Map.entry("LOGNAME", "nobody"),
                        Map.entry("SHELL", "/usr/sbin/nologin"),
                        Map.entry("C", "/b"),
                        Map.entry("D", "twenty"),
                        Map.entry("E", "only here"),
                        Map.entry("LONG", "one   two"),
                        Map.entry("Q", "a # b"),
                        Map.entry("WORDS", "x y"),
                        Map.entry("PASSED", "yes"));
        assertThat(cwd(pid)).isEqualTo("/usr");
        assertThat(Proc.status(pid, "Uid")).isEqualTo("65534\t65534\t65534\t65534");
        assertThat(Proc.status(pid, "Gid")).isEqualTo("1\t1\t1\t1");
        assertThat(Proc.status(pid, "Groups").split(" ", -1)).contains("4");
        assertThat(Proc.status(pid, "Umask")).isEqualTo("0027");
        assertThat(Proc.status(pid, "NoNewPrivs")).isEqualTo("1");
        for (String set : List.of("CapEff", "CapBnd", "CapAmb")) {
            assertThat(Proc.status(pid, set)).as(set).isEqualTo("0000000000000400");
        }
        assertThat(Proc.limit(pid, "Max open files")).isEqualTo("64 128 files");
        assertThat(Proc.limit(pid, "Max locked memory")).isEqualTo("1048576 1048576 bytes");
    }

    /** Stops a listener, of which only the first process is to get signals but KILL. */
    private void expectSignals(TestMonitor monitor, String name, String... said) throws Exception {
        String file = "listener.sh.said";
        patiently().until(() -> monitor.lines(file).size() == 2);
        int pid = monitor.row(name).pid();
        List<Integer> children = Proc.children(pid).stream().map(Proc.Stat::pid).toList();
        if (List.of(said).contains("main-HUP")) {
            monitor.must("reload", name);
            patiently().until(() -> monitor.lines(file).contains("main-HUP"));
        }
        monitor.must("stop", name);
        assertThat(children).isNotEmpty().allMatch(Proc::hasEnded);
        assertThat(monitor.lines(file)).contains(said);
        assertThat(monitor.lines(file)).hasSize(2 + said.length);
        Files.delete(folder.resolve(file));
    }

    @Test
    void aProgramOfSupervisordIsWhatItsSectionSays() throws Exception {
        expectRoot();
        write("listener.sh", LISTENER);
        Path tool = write("bin/mytool", "#!/bin/sh\nsleep 1000\n");
        Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path file =
                write(
                        "supervisord.conf",
                        """
                        [supervisord]
                        umask=027
                        environment=BASE="base",OVER="0"
                        [program:w]
                        command=/bin/sh -c "sleep 1000; :" a %(ENV_WORDS)s "%(ENV_WORDS)s" %(here)s last
                        process_name=%(program_name)s_%(process_num)02d
                        numprocs=%(ENV_N)s
                        numprocs_start=3
                        user=%(ENV_U)s
                        directory=/usr
                        environment=OVER="%(process_num)d",IN="%(ENV_BASE)s;%(group_name)s"
                        [program:main]
                        command=/bin/sh DIR/listener.sh
                        stopsignal=USR2
                        [program:path]
                        command=mytool
                        umask=002
                        environment=PATH="DIR/bin:%(ENV_PATH)s"
                        [group:team]
                        programs=w
                        """);
        List<String> notes = new ArrayList<>();
        List<String> variables =
                List.of(
                        "N=2",
                        "U=nobody",
                        "WORDS=x y",
                        "HOME=/h",
                        "USER=u",
                        "LOGNAME=u",
                        "SHELL=/s");
        String configuration = imported(notes, variables, "supervisord", file.toString());
        assertThat(notes)
                .containsExactly(
                        "supervisord.conf:19: [group:team]: no equivalent: a group; name its"
                                + " processes by a glob like 'web-*'",
                        "supervisord.conf:7: [program:w] numprocs: no equivalent: variables have no"
                                + " place in it; their values of now are used",
                        "supervisord.conf:9: [program:w] user: no equivalent: variables have no"
                                + " place in it; their values of now are used");
        try (TestMonitor monitor = start(folder, configuration, variables)) {
            for (int number = 3; number < 5; number++) {
                int pid = monitor.awaitRun("w_0" + number, 1).pid();
                assertThat(arguments(pid, "last"))
                        .containsExactly(
                                "/bin/sh",
                                "-c",
                                "sleep 1000; :",
                                "a",
                                "x",
                                "y",
                                "x y",
                                folder.toString(),
                                "last");
                assertThat(environment(pid))
                        .containsEntry("HOME", "/h")
                        .containsEntry("USER", "u")
                        .containsEntry("SHELL", "/s")
                        .containsEntry("WORDS", "x y")
                        .containsEntry("BASE", "base")
                        .containsEntry("OVER", "" + number)
                        .containsEntry("IN", "base;team")
                        .containsEntry("SUPERVISOR_ENABLED", "1")
                        .containsEntry("SUPERVISOR_GROUP_NAME", "team")
                        .containsEntry("SUPERVISOR_PROCESS_NAME", "w_0" + number);
                assertThat(Proc.status(pid, "Uid")).isEqualTo("65534\t65534\t65534\t65534");
                assertThat(Proc.status(pid, "Umask")).isEqualTo("0027");
                assertThat(cwd(pid)).isEqualTo("/usr");
                assertThat(Proc.descriptors(pid).get(0)).isNotEqualTo("/dev/null");
            }
            int path = monitor.awaitRun("path", 1).pid();
            patiently().until(() -> Proc.commandLine(path).contains(tool.toString()));
            assertThat(Proc.status(path, "Umask")).isEqualTo("0002");
            expectSignals(monitor, "main", "main-USR2");
        }
    }

    @Test
    void anEntryOfAProcfileIsWhatForemanMakesOfIt() throws Exception {
        write("wait.sh", "sleep 1000; :");
        write(".env", "PORT=6000\nTOKEN='a b'\nHOME=/override\n");
        Path file =
                write(
                        "Procfile",
                        """
                        web: /bin/sh DIR/wait.sh a $PORT "$TOKEN" last
                        worker: X=1 /bin/sh -c "sleep 1000; :" b $PORT last
                        """);
        List<String> notes = new ArrayList<>();
        String configuration = imported(notes, List.of(), "procfile", file.toString());
        assertThat(notes).isEmpty();
        try (TestMonitor monitor = start(folder, configuration, List.of("MONITORS=1"))) {
            int web = monitor.awaitRun("web", 1).pid();
            assertThat(arguments(web, "last"))
                    .containsExactly("/bin/sh", folder + "/wait.sh", "a", "6000", "a b", "last");
            assertThat(environment(web))
                    .containsEntry("PORT", "6000")
                    .containsEntry("PS", "web.1")
                    .containsEntry("TOKEN", "a b")
                    .containsEntry("HOME", "/override")
                    .containsEntry("MONITORS", "1");
            assertThat(cwd(web)).isEqualTo(folder.toRealPath().toString());
            int worker = monitor.awaitRun("worker", 1).pid();
            assertThat(environment(worker)).containsEntry("PORT", "6100");
            patiently().until(() -> !Proc.children(worker).isEmpty());
            Proc.Stat child = Proc.children(worker).getFirst();
            patiently().until(() -> Proc.commandLine(child.pid()).contains("6100"));
            assertThat(environment(child.pid())).containsEntry("X", "1");
            monitor.must("stop", "worker");
            assertThat(Proc.hasEnded(child.pid())).isTrue();
        }
    }
}
