package org.procmon.importing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.procmon.spec.Capability;
import org.procmon.spec.Checks;
import org.procmon.spec.Dependency;
import org.procmon.spec.Dependency.Condition;
import org.procmon.spec.EnvFile;
import org.procmon.spec.GiveUp;
import org.procmon.spec.Hooks;
import org.procmon.spec.Lifetime;
import org.procmon.spec.Limit;
import org.procmon.spec.OutputSpec;
import org.procmon.spec.ProcessSpec;
import org.procmon.spec.Readiness;
import org.procmon.spec.RestartPolicy;
import org.procmon.spec.Sign;
import org.procmon.spec.Signal;
import org.procmon.spec.StopPlan;

class SystemdImporterTest {
    @TempDir Path folder = Path.of("");
    private Stand stand = new Stand(folder);

    @BeforeEach
    void setUp() {
        stand = new Stand(folder);
    }

    @Test
    void whoAServiceIsAndHowFarItMayGoComesAlong() throws IOException {
        Stand.Outcome outcome =
                done(
                        """
                        [Service]
                        ExecStart=/bin/a
                        User=www-data
                        Group=adm
                        UMask=0027
                        Nice=-5
                        NoNewPrivileges=yes
                        EnvironmentFile=-/etc/default/%p
                        EnvironmentFile=/etc/%p.env
                        LimitNOFILE=1024:4096
                        LimitMEMLOCK=64M
                        """);
        assertThat(outcome.text())
                .contains("\"user\": \"www-data\"")
                .contains("\"group\": \"adm\"")
                .contains("\"umask\": \"0027\"")
                .contains("\"nice\": -5")
                .contains("\"no_new_privs\": true")
                .contains(
                        "\"env_file\": [{\"path\": \"/etc/default/web\", \"optional\": true,"
                                + " \"public\": true, \"override\": true, \"syntax\":"
                                + " \"systemd\"}, {\"path\": \"/etc/web.env\", \"public\": true,"
                                + " \"override\": true, \"syntax\": \"systemd\"}]")
                .contains("\"limits\": {\"nofile\": \"1024:4096\", \"memlock\": \"67108864\"}");
        assertThat(outcome.notes()).isEmpty();
    }

    @Test
    void theLimitOfStartsBoundsTheRestarts() throws IOException {
        String service = "\n[Service]\nExecStart=/bin/a\nRestart=always\n";
        String both = "[Unit]\nStartLimitBurst=3\nStartLimitIntervalSec=1min\n" + service;
        assertThat(done(both).process("web").giveUp())
                .contains(new GiveUp(2, Duration.ofMinutes(1), Optional.empty()));
        String older = "[Unit]\n" + service + "StartLimitInterval=30\n";
        assertThat(done(older).process("web").giveUp())
                .contains(new GiveUp(4, Duration.ofSeconds(30), Optional.empty()));
        assertThat(done(older).notes()).isEmpty();
        String off = "[Unit]\nStartLimitBurst=3\nStartLimitIntervalSec=0\n" + service;
        assertThat(done(off).process("web").giveUp()).isEmpty();
        assertThat(done(service).process("web").giveUp()).isEmpty();
    }

    @Test
    void aUsualUnitBecomesAnEntry() throws IOException {
        Stand.Outcome outcome =
                done(
                        """
                        [Unit]
                        Description=The web server
                        Documentation=man:web(8)
                        After=network-online.target remote-fs.target
                        Wants=network-online.target
                        StartLimitIntervalSec=0

                        [Service]
                        Type=notify
                        User=www-data
                        Environment="GREETING=hello world" LEVEL=3
                        Environment=PRICE=5$ RATE=5%%
                        WorkingDirectory=/srv/web
                        ExecStartPre=/usr/bin/web --check
                        ExecStart=/usr/bin/web --level ${LEVEL} \\
                            # between
                            --name=%N $GREETING "${GREETING}!" \\
                            --cost=$$5
                        ExecReload=/bin/kill -HUP $MAINPID
                        Restart=on-failure
                        RestartSec=1min 500ms
                        KillSignal=SIGQUIT
                        KillMode=mixed
                        TimeoutStopSec=5
                        SuccessExitStatus=143 SIGUSR1 TEMPFAIL FROB
                        LimitNOFILE=65536
                        PrivateTmp=true

                        [Install]
                        WantedBy=multi-user.target
                        """);
        assertThat(outcome.text())
                .isEqualTo(
                        """
                        // Imported from FOLDER/web.service (systemd).
                        {
                          "defaults": {
                            "cwd": "/",
                            "umask": "0022",
                            "clear_env": true,
                            "env": {
                              "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                              "LANG": "C.UTF-8"
                            }
                          },
                          "processes": [
                            {
                              // The web server
                              "id": "web",
                              "exec": ["/usr/bin/web", "--level", "3", "--name=web", "hello", "world", "hello world!", "--cost=$5"],
                              "user": "www-data",
                              "cwd": "/srv/web",
                              "limits": {"nofile": "65536"},
                              "restart": "on-failure",
                              "success_exit": [0, "HUP", "INT", "TERM", "PIPE", 143, "USR1", 75],
                              "restart_delay": "60500ms",
                              "backoff": {"initial": 0},
                              "ready": {"notify": true, "timeout": "90s"},
                              "hooks": {"before_start": {"exec": "/usr/bin/web --check", "timeout": "90s"}},
                              "stop": {"signal": "QUIT", "timeout": "5s", "to": "main"},
                              "reload_signal": "HUP",
                              "env": {"GREETING": "hello world", "LEVEL": "3", "PRICE": "5$$", "RATE": "5%"}
                            }
                          ]
                        }
                        """
                                .replace("FOLDER", folder.toString()));
        assertThat(outcome.notes())
                .containsExactly(
                        "web.service:25: [Service] SuccessExitStatus: no equivalent: 'FROB' is"
                                + " neither a code nor a signal here",
                        "web.service:27: [Service] PrivateTmp: no equivalent: procmon has nothing"
                                + " like it");
        ProcessSpec web = outcome.process("web");
        assertThat(web.restartDelay()).isEqualTo(Duration.ofMillis(60_500));
        assertThat(web.env()).containsEntry("PRICE", "5$");
        assertThat(web.successExit().signals()).contains(Signal.USR1, Signal.TERM);
    }

    @Test
    void whatAUnitSaysOfItsReadinessIsKept() throws IOException {
        Stand.Outcome outcome =
                done(
                        """
                        [Service]
                        Type=notify-reload
                        ExecStart=/usr/bin/web
                        TimeoutStartSec=2min
                        WatchdogSec=30
                        """);
        assertThat(outcome.notes()).isEmpty();
        assertThat(outcome.process("web").checks())
                .isEqualTo(
                        new Checks(
                                Optional.of(
                                        new Readiness(
                                                new Sign.Notify(),
                                                Duration.ofMinutes(2),
                                                Duration.ofMillis(250))),
                                Optional.empty(),
                                Optional.of(Duration.ofSeconds(30))));

        Stand.Outcome other =
                done(
                        """
                        [Service]
                        ExecStart=/usr/bin/web
                        TimeoutStartSec=2min
                        WatchdogSec=30
                        """);
        assertThat(other.notes())
                .containsExactly(
                        "web.service:3: [Service] TimeoutStartSec: no equivalent: it counts as"
                                + " started at once",
                        "web.service:4: [Service] WatchdogSec: no equivalent: a watchdog needs"
                                + " Type=notify");
        assertThat(other.process("web").checks()).isEqualTo(Checks.DEFAULT);
    }

    @Test
    void unitsThatNameEachOtherDepend() throws IOException {
        Path db = unit("db", "[Unit]\nBefore=web.service\n", "ExecStart=/bin/db");
        Path migrate =
                unit(
                        "migrate",
                        "[Unit]\nAfter=db.service\nRequires=db.service\n",
                        "Type=oneshot\nExecStart=/bin/migrate");
        Path web =
                unit(
                        "web",
                        "[Unit]\nAfter=migrate.service redis.service\nWants=cache.service\n",
                        "ExecStart=/bin/web");
        Path cache =
                unit(
                        "cache",
                        "[Unit]\nAfter=web.service\nBindsTo=web.service\n",
                        "ExecStart=/bin/cache");
        Stand.Outcome outcome = stand.done(SourceFormat.SYSTEMD, db, migrate, web, cache);

        assertThat(outcome.process("db").depends()).isEmpty();
        assertThat(outcome.process("migrate").depends())
                .containsExactly(new Dependency("db", Condition.STARTED));
        assertThat(outcome.process("web").depends())
                .containsExactly(
                        new Dependency("db", Condition.STARTED),
                        new Dependency("migrate", Condition.COMPLETED));
        assertThat(outcome.process("cache").depends())
                .containsExactly(new Dependency("web", Condition.STARTED));
        assertThat(outcome.process("cache").restartOnParentDeath()).isTrue();
        assertThat(outcome.process("web").restartOnParentDeath()).isFalse();
        assertThat(outcome.notes())
                .containsExactly(
                        "web.service:2: [Unit] After: no equivalent: 'redis.service' is not among"
                                + " the units that are imported");
    }

    @Test
    void unitsThatWaitForEachOtherAreTold() throws IOException {
        Path a = unit("a", "[Unit]\nAfter=b.service\n", "ExecStart=/bin/a");
        Path b = unit("b", "[Unit]\nAfter=a.service b.service\n", "ExecStart=/bin/b");
        Stand.Outcome outcome = stand.done(SourceFormat.SYSTEMD, a, b);

        assertThat(outcome.process("a").depends()).hasSize(1);
        assertThat(outcome.process("b").depends()).isEmpty();
        assertThat(outcome.notes())
                .containsExactly(
                        "b.service:2: [Unit] After: no equivalent: the units would wait for each"
                                + " other in a circle");
    }

    @Test
    void severalCommandsOfAOneshotAreJoined() throws IOException {
        ProcessSpec spec =
                done("""
                [Service]
                Type=oneshot
                ExecStart=/bin/first
                ExecStart=
                ExecStart=/bin/one "a b" ; -/bin/two \\;
                ExecStart=:/bin/three $HOME
                """)
                        .process("web");
        assertThat(spec.exec().argv())
                .containsExactly(
                        "sh",
                        "-c",
                        "unset PWD OLDPWD SHLVL; /bin/one 'a b' && { /bin/two ';' || true; } &&"
                                + " /bin/three '$HOME'");
        assertThat(spec.restart()).isEqualTo(RestartPolicy.NEVER);
        assertThat(spec.stop().steps().getFirst().patience()).isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void whatAFileMaySetIsPutThereByAShell() throws IOException {
        Stand.Outcome outcome =
                done(
                        "[Service]\nEnvironmentFile=-/etc/default/web\n"
                                + "ExecStart=/bin/web $OPTIONS --user=${WHO} '%h'");
        assertThat(outcome.process("web").exec().argv())
                .containsExactly(
                        "sh",
                        "-c",
                        "unset PWD OLDPWD SHLVL; set -f; exec /bin/web ${OPTIONS}"
                                + " --user=\"${WHO}\" /root");
        assertThat(outcome.notes())
                .containsExactly(
                        "web.service:3: [Service] ExecStart: a shell splits what OPTIONS has at its"
                                + " blanks; unlike in systemd, quotes in it stay");
    }

    @Test
    void whatNothingSetsIsEmpty() throws IOException {
        Stand.Outcome outcome =
                done("[Service]\nExecStart=/bin/web $OPTIONS --user=${WHO} ${LANG}");
        assertThat(outcome.process("web").exec().argv())
                .containsExactly("/bin/web", "--user=", "C.UTF-8");
        assertThat(outcome.notes())
                .containsExactly(
                        "web.service:2: [Service] ExecStart: the unit does not set OPTIONS, so it"
                                + " is empty here",
                        "web.service:2: [Service] ExecStart: the unit does not set WHO, so it is"
                                + " empty here");
    }

    @Test
    void valuesAreSplitAsTheManualHasIt() throws IOException {
        String unit =
                "[Service]\nEnvironment=\"ONE=one\" \"TWO='two two' too\" THREE=\n"
                        + "ExecStart=/bin/echo %s";
        assertThat(done(unit.replace("%s", "$ONE $TWO $THREE")).process("web").exec().argv())
                .containsExactly("/bin/echo", "one", "two two", "too");
        assertThat(done(unit.replace("%s", "${ONE} ${TWO} ${THREE}")).process("web").exec().argv())
                .containsExactly("/bin/echo", "one", "'two two' too", "");
        assertThat(done(unit.replace("%s", "x$ONE $$ONE a${ONE}b")).process("web").exec().argv())
                .containsExactly("/bin/echo", "x$ONE", "$ONE", "aoneb");
    }

    @Test
    void theLaterOfTwoFilesAndTheFileOverTheUnitAreNotDecidedHere() throws IOException {
        Stand.Outcome outcome =
                done(
                        """
                        [Service]
                        Environment=C=/a
                        EnvironmentFile=/etc/none.d/*.env
                        EnvironmentFile=relative
                        EnvironmentFile=-/etc/b
                        ExecStart=/bin/x ${C}
                        """);
        assertThat(outcome.process("web").exec().argv())
                .contains("unset PWD OLDPWD SHLVL; exec /bin/x \"${C}\"");
        assertThat(outcome.process("web").identity().envFiles())
                .containsExactly(
                        new EnvFile(Path.of("/etc/none.d/*.env"), false, true, true, true),
                        new EnvFile(Path.of("/etc/b"), true, true, true, true));
        assertThat(outcome.notes())
                .containsExactly(
                        "web.service:4: [Service] EnvironmentFile: systemd skips it, since it is no"
                                + " absolute path");
    }

    @Test
    void aFileThatOthersCanWriteIsTold() throws IOException {
        Path file = stand.write("loose.env", "A=1");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertThat(done("[Service]\nExecStart=/x\nEnvironmentFile=" + file).notes())
                .containsExactly(
                        "web.service:3: [Service] EnvironmentFile: no equivalent: loose.env must"
                                + " belong to root, or to the user of the monitor, and nobody else"
                                + " may be able to write it; see chown and chmod");
    }

    @Test
    void onlyWhatSystemdPassesIsPassed() throws IOException {
        Stand.Outcome outcome =
                done(
                        """
                        [Service]
                        PassEnvironment=STAGE NOT_THERE
                        Environment=A=1 B=2 C=3 bad
                        UnsetEnvironment=A B=3 C=3 LANG
                        RuntimeDirectory=web web/sub:link
                        ExecStart=/bin/x $STAGE ${A}
                        """);
        ProcessSpec web = outcome.process("web");
        assertThat(web.identity().clearEnv()).isTrue();
        assertThat(web.env())
                .containsOnlyKeys("PATH", "LANG", "STAGE", "B", "RUNTIME_DIRECTORY")
                .containsEntry("STAGE", "live")
                .containsEntry("RUNTIME_DIRECTORY", "/run/web:/run/web/sub");
        assertThat(outcome.notes())
                .extracting(note -> note.substring(note.indexOf("] ") + 2))
                .containsExactly(
                        "RuntimeDirectory: no equivalent: make the folder yourself, for the user of"
                                + " the service: /run/web, /run/web/sub",
                        "PassEnvironment: the value that STAGE has now is written",
                        "PassEnvironment: NOT_THERE is not set here, so it is not passed",
                        "Environment: systemd skips 'bad', since it is not KEY=VALUE",
                        "UnsetEnvironment: no equivalent: LANG may come from elsewhere, and stays"
                                + " then",
                        "ExecStart: the unit does not set A, so it is empty here");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CapabilityBoundingSet= | |",
                "CapabilityBoundingSet=CAP_CHOWN cap_kill | chown kill |",
                "CapabilityBoundingSet=CAP_CHOWN~CapabilityBoundingSet=KILL | chown kill |",
                "CapabilityBoundingSet=CAP_CHOWN KILL~CapabilityBoundingSet=!KILL | chown |",
                "CapabilityBoundingSet=KILL~CapabilityBoundingSet=~CapabilityBoundingSet=CHOWN"
                        + " | chown |",
                "AmbientCapabilities=CAP_CHOWN | - |",
                "User=nobody~AmbientCapabilities=CAP_CHOWN | chown | programs with rights of their"
                        + " own, such as sudo, get no more than 'capabilities' either",
                "User=nobody~AmbientCapabilities=CAP_CHOWN~CapabilityBoundingSet=CAP_CHOWN | chown |",
                "User=nobody~CapabilityBoundingSet= | |",
                "User=nobody~CapabilityBoundingSet=CAP_CHOWN | - | no equivalent: what only bounds"
                        + " other programs is left out; 'capabilities' would also grant it",
                "CapabilityBoundingSet=CAP_BOO CHOWN | chown | 'CAP_BOO' is no capability here",
            })
    void capabilitiesAreThoseThatItWouldHave(
            String settings, @Nullable String kept, @Nullable String note) throws IOException {
        String lines = settings.replace('~', '\n').replace('!', '~');
        Stand.Outcome outcome = done("[Service]\nExecStart=/x\n" + lines);
        Optional<List<Capability>> capabilities = outcome.process("web").identity().capabilities();
        if ("-".equals(kept)) {
            assertThat(capabilities).isEmpty();
        } else {
            List<String> words = kept == null ? List.of() : List.of(kept.split(" ", -1));
            assertThat(capabilities.orElseThrow())
                    .extracting(Capability::word)
                    .containsExactlyElementsOf(words);
        }
        assertThat(outcome.notes()).hasSize(note == null ? 0 : 1);
        assertThat(String.join("", outcome.notes())).endsWith(note == null ? "" : note);
    }

    @Test
    void supplementaryGroupsAreAddedToThoseOfTheUser() throws IOException {
        ProcessSpec web =
                done("[Service]\nExecStart=/x\nUser=nobody\nSupplementaryGroups=adm daemon 7")
                        .process("web");
        assertThat(web.identity().groups().orElseThrow()).contains("adm", "daemon", "7");
        Path passwd = stand.write("passwd", "u:x:7:7::/h:/bin/sh\n");
        Path group = stand.write("group", "a:x:1:x,u\nb:x:2:\nc:x:3:u\n");
        LocalAccounts accounts = new LocalAccounts(passwd, group);
        assertThat(accounts.groups("u")).containsExactly("a", "c");
        assertThat(accounts.groups("7")).containsExactly("a", "c");
        assertThat(accounts.home("7")).isEqualTo("/h");
        assertThat(accounts.home("8")).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "LimitNOFILE=1024:524288 | nofile 1024 524288",
                "LimitMEMLOCK=64M        | memlock 67108864 67108864",
                "LimitAS=4G:16G          | as 4294967296 17179869184",
                "LimitCPU=2min           | cpu 120 120",
                "LimitCPU=1500ms         | cpu 2 2",
                "LimitRTTIME=200         | rttime 200 200",
                "LimitRTTIME=1s          | rttime 1000000 1000000",
                "LimitNICE=-5            | nice 25 25",
                "LimitNICE=30            | nice 30 30",
                "LimitCORE=infinity      | core unlimited unlimited",
                "LimitNPROC=3~LimitNPROC=4 | nproc 4 4",
            })
    void limitsHaveTheUnitsOfSystemd(String settings, String expected) throws IOException {
        ProcessSpec web =
                done("[Service]\nExecStart=/x\n" + settings.replace('~', '\n')).process("web");
        assertThat(web.identity().limits())
                .extracting(limit ->
                        limit.resource().word()
                                + " "
                                + Limit.text(limit.soft())
                                + " "
                                + Limit.text(limit.hard()))
                .containsExactly(expected);
    }

    @Test
    void noMoreFilesAreWantedThanTheKernelPermits() throws IOException {
        long most = ProcessLimits.mostFiles();
        Stand.Outcome outcome = done("[Service]\nExecStart=/x\nLimitNOFILE=1024:infinity");
        assertThat(outcome.process("web").identity().limits())
                .containsExactly(new Limit(Limit.Resource.NOFILE, 1024, most));
        assertThat(outcome.notes())
                .containsExactly(
                        "web.service:3: [Service] LimitNOFILE: the kernel permits "
                                + most
                                + " now; see fs.nr_open");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "KillMode=mixed     | to MAIN TERM 90",
                "KillMode=process   | to MAIN TERM 90 leaves",
                "KillSignal=RTMIN+3 | to GROUP RTMIN+3 90",
                "TimeoutStopSec=infinity | to GROUP TERM 3153600000",
                "TimeoutSec=0       | to GROUP TERM 3153600000",
                "SendSIGKILL=no     | to GROUP TERM 3153600000",
                "FinalKillSignal=QUIT~TimeoutStopSec=3 | to GROUP TERM 3 QUIT 3",
            })
    void stopsAsSystemdDoes(String settings, String expected) throws IOException {
        StopPlan stop =
                done("[Service]\nExecStart=/x\n" + settings.replace('~', '\n'))
                        .process("web")
                        .stop();
        StringBuilder told = new StringBuilder("to " + stop.to());
        for (StopPlan.Step step : stop.steps()) {
            told.append(' ').append(step.signal().word());
            told.append(' ').append(step.patience().toSeconds());
        }
        assertThat(told + (stop.leavesSurvivors() ? " leaves" : "")).isEqualTo(expected);
    }

    @Test
    void whatASystemServiceRunsInIsTheRoot() throws IOException {
        assertThat(done("[Service]\nExecStart=/x").process("web").cwd()).contains(Path.of("/"));
        assertThat(done("[Service]\nExecStart=/x\nWorkingDirectory=~").process("web").cwd())
                .contains(Path.of("/root"));
        Stand.Outcome user = done("[Service]\nExecStart=/x\nUser=no-such-user\nWorkingDirectory=~");
        assertThat(user.process("web").cwd()).contains(Path.of("/"));
        assertThat(user.notes())
                .containsExactly(
                        "web.service:4: [Service] WorkingDirectory: no equivalent: ~: there is no"
                                + " user 'no-such-user' here; write the folder out");
        Stand.Outcome chroot = done("[Service]\nExecStart=/x\nRootDirectory=/srv/root");
        assertThat(chroot.process("web").identity().chroot()).contains(Path.of("/srv/root"));
        assertThat(chroot.notes()).isEmpty();
    }

    @Test
    void aUnitOfAUserRunsInItsHomeWithItsVariables() throws IOException {
        Path unit =
                stand.write(
                        "systemd/user/mine.service",
                        "[Service]\nExecStart=%h/bin/x %t %E %u\nWorkingDirectory=%h/w");
        Stand.Outcome outcome = stand.done(SourceFormat.SYSTEMD, unit);
        ProcessSpec mine = outcome.process("mine");
        assertThat(mine.identity().clearEnv()).isFalse();
        assertThat(mine.cwd()).contains(Path.of("/home/ada/w"));
        assertThat(mine.exec().argv())
                .containsExactly("/home/ada/bin/x", "/run/user/0", "/home/ada/.config", "root");
        Path other = stand.write("other.service", "[Service]\nExecStart=/x");
        Stand.Outcome both = stand.done(SourceFormat.SYSTEMD, unit, other);
        assertThat(both.process("other").identity().clearEnv()).isTrue();
        assertThat(both.process("mine").identity().clearEnv()).isFalse();
    }

    @Test
    void specifiersStandForWhatTheManualSays() throws IOException {
        Path unit =
                stand.write(
                        "a-b@x-y\\x2dz.service",
                        "[Service]\nExecStart=/x %p %i %I %j %n %N %f %t %S %C %L %E %T %V %h %u %U"
                                + " %%");
        assertThat(stand.done(SourceFormat.SYSTEMD, unit).processes().getFirst().exec().argv())
                .containsExactly(
                        "/x",
                        "a-b",
                        "x-y\\x2dz",
                        "x/y-z",
                        "b",
                        "a-b@x-y\\x2dz.service",
                        "a-b@x-y\\x2dz",
                        "/x/y-z",
                        "/run",
                        "/var/lib",
                        "/var/cache",
                        "/var/log",
                        "/etc",
                        "/tmp",
                        "/var/tmp",
                        "/root",
                        "root",
                        "0",
                        "%");
    }

    @Test
    void dropInsAndTemplatesAreRead() throws IOException {
        Path unit = stand.write("web.service", "[Service]\nExecStart=/x\nNice=1\nUMask=077");
        stand.write("web.service.d/20-b.conf", "[Service]\nNice=5\nExecStart=\nExecStart=/y");
        stand.write("web.service.d/10-a.conf", "[Service]\nNice=4");
        stand.write("web.service.d/README", "no unit");
        stand.write("service.d/all.conf", "[Service]\nLimitNOFILE=77");
        ProcessSpec web = stand.done(SourceFormat.SYSTEMD, unit).process("web");
        assertThat(web.exec().text()).isEqualTo("/y");
        assertThat(web.identity().nice()).hasValue(5);
        assertThat(web.identity().umask()).hasValue(077);
        assertThat(web.identity().limits()).hasSize(1);

        stand.write("t@.service", "[Service]\nExecStart=/bin/t %i");
        stand.write("t@.service.d/a.conf", "[Service]\nNice=2");
        stand.write("t@8.service.d/a.conf", "[Service]\nNice=3");
        Stand.Outcome outcome =
                stand.done(
                        SourceFormat.SYSTEMD,
                        folder.resolve("t@8.service"),
                        folder.resolve("t@9.service"));
        assertThat(outcome.process("t@8").exec().text()).isEqualTo("/bin/t 8");
        assertThat(outcome.process("t@8").identity().nice()).hasValue(3);
        assertThat(outcome.process("t@9").identity().nice()).hasValue(2);
    }

    @Test
    void onlyABackslashThatIsTheLastCharacterGoesOn() throws IOException {
        ProcessSpec web =
                done("[Service]\nExecStart=/x a\\\n; no\n  # no\n  b \\\\\nNice=3\n")
                        .process("web");
        assertThat(web.exec().argv()).containsExactly("/x", "a", "b", "\\");
        assertThat(web.identity().nice()).hasValue(3);
    }

    @Test
    void whatEndsAServiceForGoodCountsAsGood() throws IOException {
        Stand.Outcome outcome =
                done(
                        "[Service]\nExecStart=/x\nRestart=on-failure\nRestartSec=5\n"
                                + "RestartPreventExitStatus=255 SIGABRT");
        assertThat(outcome.process("web").successExit().codes()).contains(255);
        assertThat(outcome.process("web").successExit().signals()).contains(Signal.ABRT);
        assertThat(outcome.process("web").backoff().initial()).isZero();
        assertThat(outcome.notes())
                .containsExactly(
                        "web.service:5: [Service] RestartPreventExitStatus: these ends count as"
                                + " good, so that no restart follows");
    }

    @Test
    void aTransientUserMustBeThere() throws IOException {
        Stand.Outcome outcome = done("[Service]\nExecStart=/x\nDynamicUser=yes");
        assertThat(outcome.process("web").identity().user()).contains("web");
        assertThat(outcome.process("web").identity().noNewPrivs()).isTrue();
        assertThat(outcome.notes())
                .containsExactly(
                        "web.service:3: [Service] DynamicUser: no equivalent: there must be a user"
                                + " 'web'; see useradd --system");
    }

    @ParameterizedTest
    @CsvSource({
        "no, NEVER, false",
        "always, ALWAYS, false",
        "on-failure, ON_FAILURE, false",
        "on-success, ALWAYS, true",
        "on-abnormal, ON_FAILURE, true",
        "on-abort, ON_FAILURE, true",
        "on-watchdog, ON_FAILURE, true"
    })
    void restartsBecomeTheNearest(String value, RestartPolicy policy, boolean told)
            throws IOException {
        Stand.Outcome outcome = done("[Service]\nExecStart=/bin/x\nRestart=" + value);
        assertThat(outcome.process("web").restart()).isEqualTo(policy);
        assertThat(outcome.notes()).hasSize(told ? 1 : 0);
    }

    @Test
    void whatIsRunAroundAServiceBecomesHooks() throws IOException {
        Stand.Outcome outcome =
                done(
                        """
                        [Service]
                        ExecStartPre=-/bin/mkdir /run/x
                        ExecStartPre=/bin/check
                        ExecStart=/bin/x
                        ExecStartPost=/bin/tell
                        ExecStopPost=/bin/rm /run/x
                        TimeoutStartSec=7
                        """);
        Hooks hooks = outcome.process("web").hooks();
        assertThat(hooks.beforeStart().orElseThrow().exec().argv())
                .containsExactly(
                        "sh",
                        "-c",
                        "unset PWD OLDPWD SHLVL; { /bin/mkdir /run/x || true; } && /bin/check");
        assertThat(hooks.beforeStart().orElseThrow().timeout()).isEqualTo(Duration.ofSeconds(7));
        assertThat(hooks.afterStop().orElseThrow().exec().argv())
                .containsExactly("/bin/rm", "/run/x");
        assertThat(outcome.notes())
                .contains(
                        "web.service:5: [Service] ExecStartPost: no equivalent: nothing is run after"
                                + " a start; 'ready' may ask a program");
    }

    @Test
    void boundsOfARunAreKept() throws IOException {
        Stand.Outcome outcome =
                done("[Service]\nExecStart=/bin/x\nRuntimeMaxSec=1h\nMemoryMax=512M");
        Lifetime lifetime = outcome.process("web").lifetime();
        assertThat(lifetime.maxRuntime()).contains(Duration.ofHours(1));
        assertThat(lifetime.memoryMax()).hasValue(512L << 20);
        assertThat(outcome.notes())
                .containsExactly(
                        "web.service:4: [Service] MemoryMax: it is 'memory_max' now, which looks at"
                                + " resident memory now and then");
        Stand.Outcome none =
                done(
                        "[Service]\nExecStart=/bin/x\nRuntimeMaxSec=infinity\n"
                                + "MemoryMax=infinity");
        assertThat(none.process("web").lifetime()).isEqualTo(Lifetime.DEFAULT);
        for (String bad : List.of("50%", "0", "1K", "9999999T", "M")) {
            Stand.Outcome told = done("[Service]\nExecStart=/bin/x\nMemoryMax=" + bad);
            assertThat(told.notes()).as(bad).hasSize(1);
            assertThat(told.process("web").lifetime()).as(bad).isEqualTo(Lifetime.DEFAULT);
        }
    }

    @Test
    void outputsGoWhereTheyWent() throws IOException {
        OutputSpec file = new OutputSpec.Captured(Optional.of(Path.of("/log/web")), 0, 5, false);
        assertThat(output("StandardOutput=journal\nStandardError=inherit"))
                .containsExactly(OutputSpec.DEFAULT, OutputSpec.DEFAULT);
        assertThat(output("StandardOutput=null"))
                .containsExactly(new OutputSpec.Discarded(), new OutputSpec.WithStdout());
        assertThat(output("StandardOutput=append:/log/%N\nStandardError=append:/log/web"))
                .containsExactly(file, new OutputSpec.WithStdout());
        assertThat(output("StandardOutput=file:/log/web\nStandardError=journal"))
                .containsExactly(file, OutputSpec.DEFAULT);
        assertThat(output("StandardOutput=inherit\nStandardError=null"))
                .containsExactly(new OutputSpec.Discarded(), new OutputSpec.Discarded());
        Stand.Outcome outcome =
                done("[Service]\nExecStart=/x\nStandardOutput=tty\nStandardError=truncate:/e");
        assertThat(outcome.notes())
                .containsExactly(
                        "web.service:3: [Service] StandardOutput: no equivalent: output goes to a"
                                + " file instead",
                        "web.service:4: [Service] StandardError: no equivalent: the file is not"
                                + " emptied first");
    }

    private Iterable<OutputSpec> output(String settings) throws IOException {
        ProcessSpec web = done("[Service]\nExecStart=/x\n" + settings).process("web");
        return List.of(web.stdout(), web.stderr());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Type=forking          | run it in the foreground; a program that goes into the"
                        + " background seems to have ended",
                "Type=dbus             | it counts as started at once, as with Type=exec",
                "KillMode=process      | what is left of its process group is killed when it has"
                        + " ended",
                "KillMode=none         | it is stopped by a signal to its main process",
                "SendSIGHUP=yes        | no HUP follows; 'stop' may have a 'plan' with it",
                "RestartKillSignal=INT | a restart stops a process as any other stop does",
                "TimeoutAbortSec=5     | a process that hangs is given the time of 'stop'",
                "RemainAfterExit=yes   | what has ended well is shown as ended",
                "StandardInput=tty     | the input is /dev/null",
                "ExecStop=/bin/stop    | it is stopped by signals; see the key 'stop'",
                "PIDFile=/run/x        | procmon needs none",
                "KillSignal=RTMIN+40    | procmon does not send RTMIN+40; it sends TERM",
                "WorkingDirectory=-/x  | -: a folder that is missing is an error",
                "OOMScoreAdjust=-900   | put 'choom -n -900 --' before the command",
                "RestartForceExitStatus=3 | how it ends forces no restart",
                "IgnoreSIGPIPE=yes     | put 'env --ignore-signal=PIPE --' before the command",
                "NotifyAccess=all      | only Type=notify has a socket for messages",
                "LimitNOFILE=many      | 'many' is no limit",
                "LimitCPU=2:1          | '2:1' is no limit",
                "PrivateTmp=yes        | procmon has nothing like it",
            })
    void whatHasNoEquivalentIsTold(String setting, String why) throws IOException {
        String key = setting.substring(0, setting.indexOf('='));
        assertThat(done("[Service]\nExecStart=/x\n" + setting).notes())
                .containsExactly("web.service:3: [Service] " + key + ": no equivalent: " + why);
    }

    @ParameterizedTest
    @CsvSource({
        "KillMode=mixed",
        "SendSIGHUP=no",
        "IgnoreSIGPIPE=no",
        "CapabilityBoundingSet=~",
        "RestartPreventExitStatus=",
        "DynamicUser=no",
        "RemainAfterExit=no",
        "KillMode=control-group",
        "SendSIGKILL=yes",
        "Type=simple",
        "StandardInput=null",
        "LimitNOFILE="
    })
    void whatChangesNothingIsNotTold(String setting) throws IOException {
        assertThat(done("[Service]\nExecStart=/x\n" + setting).notes()).isEmpty();
    }

    @Test
    void prefixesOfCommandsAreHonouredOrTold() throws IOException {
        Stand.Outcome outcome = done("[Service]\nExecStart=-@+/bin/web nginx \"\\x41\\tb\"");
        assertThat(outcome.process("web").exec().argv()).containsExactly("/bin/web", "A\tb");
        assertThat(outcome.notes())
                .containsExactly(
                        "web.service:2: [Service] ExecStart: no equivalent: @: a program is told its"
                                + " own name",
                        "web.service:2: [Service] ExecStart: no equivalent: +: no privileges of its"
                                + " own",
                        "web.service:2: [Service] ExecStart: no equivalent: -: a failure counts as"
                                + " one");
    }

    @Test
    void instancesAreImportedAndTemplatesTold() throws IOException {
        Path template = unit("t@", "", "ExecStart=/bin/t %i");
        Path instance = unit("t@7", "", "ExecStart=/bin/t %i %p %n");
        Path timer = stand.write("t.timer", "[Timer]\nOnCalendar=daily");
        Stand.Outcome outcome = stand.done(SourceFormat.SYSTEMD, template, instance, timer);

        assertThat(outcome.process("t@7").exec().text()).isEqualTo("/bin/t 7 t t@7.service");
        assertThat(outcome.notes())
                .containsExactly(
                        "t@.service:1: t@.service: no equivalent: a template; name an instance of"
                                + " it, such as t@1.service",
                        "t.timer:1: t.timer: no equivalent: 't.service' is not among the units that"
                                + " are imported");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "ExecStart=/x              | 1: there is no section [Service]",
                "[Unit]                    | 1: there is no section [Service]",
                "[Service                  | 1: a section is named like [this]",
                "[Service]~ExecStart       | 1: there is nothing to run: no service",
                "[Service]~Type=oneshot    | 1: there is nothing to run: no service",
                "[Service]~ExecStart=/x 'a | 2: a quote is never closed: '",
                "[Service]~ExecStart=-     | 2: the command names no program",
                "[Service]~ExecStart=/x \\x00 | 2: ExecStart has an escape that stands for no"
                        + " character",
                "[Service]~ExecStart=/x~ExecStart=/y | 3: only Type=oneshot has more than one"
                        + " ExecStart",
                "[Service]~ExecStart=/x~RestartSec=soon | 3: RestartSec must be a time such as 1min"
                        + " 30s, found 'soon'",
                "[Service]~ExecStart=/x~User=a b | 3: User must be the name of an account, found"
                        + " 'a b'",
                "[Service]~ExecStart=/x~UMask=9 | 3: UMask must be octal digits such as 022, found"
                        + " '9'",
                "[Service]~ExecStart=/x~KillSignal=BOO | 3: KillSignal must be the name of a signal"
                        + " such as TERM, found 'BOO'",
                "[Service]~ExecStart=/x~KillMode=all | 3: KillMode must be control-group, mixed,"
                        + " process or none, found 'all'",
                "[Service]~ExecStart=/x~Restart=sometimes | 3: Restart must be no, always,"
                        + " on-failure, on-success, on-abnormal, on-abort or on-watchdog, found"
                        + " 'sometimes'",
            })
    void whatMakesNoSenseIsRefused(String text, String problem) throws IOException {
        Path file = stand.write("web.service", text.replace('~', '\n'));
        assertThat(stand.refused(SourceFormat.SYSTEMD, file)).isEqualTo("web.service:" + problem);
    }

    @Test
    void somethingMustBeThereToRun() throws IOException {
        Path timer = stand.write("t.timer", "[Timer]\nOnCalendar=daily");
        assertThat(stand.refused(SourceFormat.SYSTEMD, timer))
                .isEqualTo("t.timer:1: there is nothing to run: no service");
    }

    private Stand.Outcome done(String text) throws IOException {
        return stand.done(SourceFormat.SYSTEMD, stand.write("web.service", text));
    }

    private Path unit(String name, String head, String service) throws IOException {
        return stand.write(name + ".service", head + "[Service]\n" + service + "\n");
    }
}
