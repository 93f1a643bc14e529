package org.procmon.importing.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.procmon.config.Checks;
import org.procmon.config.Dependency;
import org.procmon.config.Dependency.Condition;
import org.procmon.config.GiveUp;
import org.procmon.config.Hooks;
import org.procmon.config.Lifetime;
import org.procmon.config.OutputSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.config.Readiness;
import org.procmon.config.ReadySignal;
import org.procmon.config.RestartPolicy;
import org.procmon.config.Signal;
import org.procmon.importing.SourceFormat;
import org.procmon.importing.draft.ImporterFixture;
import org.procmon.importing.draft.TestImport;

class SystemdImporterTest extends ImporterFixture {
    SystemdImporterTest() {
        super(SourceFormat.SYSTEMD, "web.service");
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
        String once = service.replace("always", "no");
        assertThat(done(once).process("web").giveUp()).isEmpty();
    }

    @Test
    void aUnitThatSaysNoLimitHasThatOfSystemd() throws IOException {
        TestImport.Outcome outcome = done("[Service]\nExecStart=/bin/a\nRestart=on-failure");
        assertThat(outcome.process("web").giveUp())
                .contains(new GiveUp(4, Duration.ofSeconds(10), Optional.empty()));
        assertThat(outcome.notes()).isEmpty();
    }

    @Test
    void aUsualUnitBecomesAnEntry() throws IOException {
        TestImport.Outcome outcome =
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
                        User=nobody
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
                              "exec": ["env", "-u", "HOME", "-u", "SHELL", "/usr/bin/web", "--level", "3", "--name=web", "hello", "world", "hello world!", "--cost=$5"],
                              "user": "nobody",
                              "cwd": "/srv/web",
                              "limits": {"nofile": "65536"},
                              "restart": "on-failure",
                              "success_exit": [0, "HUP", "INT", "TERM", "PIPE", 143, "USR1", 75],
                              "restart_delay": "60500ms",
                              "backoff": {"initial": 0},
                              "ready": {"notify": true, "timeout": "90s"},
                              "hooks": {"before_start": {"exec": "env -u HOME -u SHELL /usr/bin/web --check", "timeout": "90s"}},
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
    void importsReadiness() throws IOException {
        TestImport.Outcome outcome =
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
                                                new ReadySignal.Notify(),
                                                Duration.ofMinutes(2),
                                                Duration.ofMillis(250))),
                                Optional.empty(),
                                Optional.of(Duration.ofSeconds(30))));

        TestImport.Outcome other =
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
        TestImport.Outcome outcome = done(db, migrate, web, cache);

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
    void reportsUnitsThatWaitForEachOther() throws IOException {
        Path a = unit("a", "[Unit]\nAfter=b.service\n", "ExecStart=/bin/a");
        Path b = unit("b", "[Unit]\nAfter=a.service b.service\n", "ExecStart=/bin/b");
        TestImport.Outcome outcome = done(a, b);

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
        assertThat(spec.stop().steps().getFirst().timeout()).isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void onlyATrailingBackslashContinuesALine() throws IOException {
        ProcessSpec web =
                done("[Service]\nExecStart=/x a\\\n; no\n  # no\n  b \\\\\nNice=3\n")
                        .process("web");
        assertThat(web.exec().argv()).containsExactly("/x", "a", "b", "\\");
        assertThat(web.identity().nice()).hasValue(3);
    }

    @Test
    void whatEndsAServiceForGoodCountsAsGood() throws IOException {
        TestImport.Outcome outcome =
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
        TestImport.Outcome outcome = done("[Service]\nExecStart=/bin/x\nRestart=" + value);
        assertThat(outcome.process("web").restart()).isEqualTo(policy);
        assertThat(outcome.notes()).hasSize(told ? 1 : 0);
    }

    @Test
    void importsPreAndPostCommandsAsHooks() throws IOException {
        TestImport.Outcome outcome =
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
        TestImport.Outcome outcome =
                done("[Service]\nExecStart=/bin/x\nRuntimeMaxSec=1h\nMemoryMax=512M");
        Lifetime lifetime = outcome.process("web").lifetime();
        assertThat(lifetime.maxRuntime()).contains(Duration.ofHours(1));
        assertThat(lifetime.memoryMax()).hasValue(512L << 20);
        assertThat(outcome.notes())
                .containsExactly(
                        "web.service:4: [Service] MemoryMax: it is 'memory_max' now, which looks at"
                                + " resident memory now and then");
        TestImport.Outcome none =
                done(
                        "[Service]\nExecStart=/bin/x\nRuntimeMaxSec=infinity\n"
                                + "MemoryMax=infinity");
        assertThat(none.process("web").lifetime()).isEqualTo(Lifetime.DEFAULT);
        for (String bad : List.of("50%", "0", "1K", "9999999T", "M")) {
            TestImport.Outcome told = done("[Service]\nExecStart=/bin/x\nMemoryMax=" + bad);
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
        TestImport.Outcome outcome =
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
    void doesNotReportSettingsWithoutEffect(String setting) throws IOException {
        assertThat(done("[Service]\nExecStart=/x\n" + setting).notes()).isEmpty();
    }

    @Test
    void honoursOrReportsCommandPrefixes() throws IOException {
        TestImport.Outcome outcome = done("[Service]\nExecStart=-@+/bin/web nginx \"\\x41\\tb\"");
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
    void importsInstancesAndReportsTemplates() throws IOException {
        Path template = unit("t@", "", "ExecStart=/bin/t %i");
        Path instance = unit("t@7", "", "ExecStart=/bin/t %i %p %n");
        Path timer = write("t.timer", "[Timer]\nOnCalendar=daily");
        TestImport.Outcome outcome = done(template, instance, timer);

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
                "[Service]~ExecStart=/x~KillMode=all | 3: KillMode must be control-group, mixed,"
                        + " process or none, found 'all'",
                "[Service]~ExecStart=/x~Restart=sometimes | 3: Restart must be no, always,"
                        + " on-failure, on-success, on-abnormal, on-abort or on-watchdog, found"
                        + " 'sometimes'",
            })
    void whatMakesNoSenseIsRefused(String text, String problem) throws IOException {
        assertThat(refused(text.replace('~', '\n'))).isEqualTo("web.service:" + problem);
    }

    @Test
    void somethingMustBeThereToRun() throws IOException {
        Path timer = write("t.timer", "[Timer]\nOnCalendar=daily");
        assertThat(refused(timer)).isEqualTo("t.timer:1: there is nothing to run: no service");
    }

    private Path unit(String name, String head, String service) throws IOException {
        return write(name + ".service", head + "[Service]\n" + service + "\n");
    }
}
