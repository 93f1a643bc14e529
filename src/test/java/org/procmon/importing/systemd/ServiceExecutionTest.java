package org.procmon.importing.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.procmon.config.Capability;
import org.procmon.config.EnvFile;
import org.procmon.config.Limit;
import org.procmon.config.ProcessSpec;
import org.procmon.config.StopPlan;
import org.procmon.importing.SourceFormat;
import org.procmon.importing.draft.ImporterFixture;
import org.procmon.importing.draft.LocalAccounts;
import org.procmon.importing.draft.ProcessLimits;
import org.procmon.importing.draft.TestImport;

/** As whom, in what and how far a service of systemd runs. */
class ServiceExecutionTest extends ImporterFixture {
    ServiceExecutionTest() {
        super(SourceFormat.SYSTEMD, "web.service");
    }

    @Test
    void importsIdentityAndLimits() throws IOException {
        TestImport.Outcome outcome =
                done(
                        """
                        [Service]
                        ExecStart=/bin/a
                        User=root
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
                .contains("\"user\": \"root\"")
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
    void setsVariablesOfAFileByAShell() throws IOException {
        TestImport.Outcome outcome =
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
        TestImport.Outcome outcome =
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
        TestImport.Outcome outcome =
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
    void reportsAFileThatOthersCanWrite() throws IOException {
        Path file = write("loose.env", "A=1");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertThat(done("[Service]\nExecStart=/x\nEnvironmentFile=" + file).notes())
                .containsExactly(
                        "web.service:3: [Service] EnvironmentFile: no equivalent: loose.env must"
                                + " belong to root, or to the user of the monitor, and nobody else"
                                + " may be able to write it; see chown and chmod");
    }

    @Test
    void onlyWhatSystemdPassesIsPassed() throws IOException {
        TestImport.Outcome outcome =
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
                .containsOnlyKeys("PATH", "STAGE", "B", "RUNTIME_DIRECTORY")
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
                        "ExecStart: the unit does not set A, so it is empty here");
    }

    @Test
    void reportsAnInvalidAssignmentAndImportsTheRest() throws IOException {
        Path bad =
                write(
                        "bad.service",
                        """
                        [Service]
                        ExecStart=/bin/x $A
                        Environment=A=1 "B=2 C=3
                        Environment=D=\\xzz
                        Environment=E=5
                        UnsetEnvironment='E
                        SuccessExitStatus=3 "4
                        """);
        Path good = write("good.service", "[Service]\nExecStart=/bin/y");
        TestImport.Outcome outcome = done(bad, good);
        assertThat(outcome.process("good").exec().text()).isEqualTo("/bin/y");
        assertThat(outcome.process("bad").exec().text()).isEqualTo("/bin/x 1");
        assertThat(outcome.process("bad").env()).containsOnlyKeys("PATH", "LANG", "A", "E");
        assertThat(outcome.process("bad").successExit().codes()).containsOnly(0, 3);
        assertThat(outcome.notes())
                .containsExactly(
                        "bad.service:3: [Service] Environment: systemd skips '\"B=2 C=3', since a"
                                + " quote is never closed: \"",
                        "bad.service:4: [Service] Environment: systemd skips 'D=\\xzz', since"
                                + " Environment has an escape that stands for no character",
                        "bad.service:6: [Service] UnsetEnvironment: systemd skips ''E', since a"
                                + " quote is never closed: '",
                        "bad.service:7: [Service] SuccessExitStatus: systemd skips '\"4', since a"
                                + " quote is never closed: \"");
    }

    @Test
    void unsetsCommonVariablesForOneUnitOnly() throws IOException {
        Path bare = write("bare.service", "[Service]\nExecStart=/x\nUnsetEnvironment=LANG");
        Path other = write("other.service", "[Service]\nExecStart=/y");
        TestImport.Outcome outcome = done(bare, other);
        assertThat(outcome.process("bare").env()).containsOnlyKeys("PATH");
        assertThat(outcome.process("other").env()).containsOnlyKeys("PATH", "LANG");
        assertThat(outcome.process("other").identity().clearEnv()).isTrue();
        assertThat(outcome.notes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UnsetEnvironment=LANG            | /x",
                "UnsetEnvironment=PATH A          | env -u PATH /x",
                "UnsetEnvironment=PATH=/bin       | /x",
                "EnvironmentFile=-/e~UnsetEnvironment=A LANG | env -u A -u LANG /x",
                "EnvironmentFile=-/e~UnsetEnvironment=A;B $(C) | /x",
                "User=root~UnsetEnvironment=HOME  | env -u HOME /x",
                "User=root                        | /x",
                "User=nobody                      | env -u HOME -u SHELL /x",
                "User=65534                       | env -u HOME -u SHELL /x",
                "User=nobody~Environment=HOME=/h  | env -u SHELL /x",
                "User=nobody~Environment=HOME=/h SHELL=/s | /x",
                "DynamicUser=yes~User=no-such-user | env -u HOME -u SHELL /x",
            })
    void whatComesAnywayIsTakenAway(String settings, String command) throws IOException {
        TestImport.Outcome outcome =
                done("[Service]\nExecStart=/x\n" + settings.replace('~', '\n'));
        assertThat(outcome.process("web").exec().text()).isEqualTo(command);
        assertThat(outcome.process("web").env()).doesNotContainKeys("A");
    }

    @Test
    void aShellTakesAwayWhatItsProgramIsNotToFind() throws IOException {
        TestImport.Outcome outcome =
                done(
                        """
                        [Service]
                        User=nobody
                        ExecStartPre=-/bin/first $SHELL
                        ExecStart=/bin/x ${USER} ${SHELL}
                        """);
        assertThat(outcome.process("web").exec().argv())
                .contains("unset PWD OLDPWD SHLVL HOME SHELL; exec /bin/x \"${USER}\" ''");
        assertThat(outcome.process("web").hooks().beforeStart().orElseThrow().exec().argv())
                .contains("unset PWD OLDPWD SHLVL HOME SHELL; { /bin/first || true; }");
    }

    @Test
    void aFileMaySetWhatSystemdLeavesUnset() throws IOException {
        TestImport.Outcome outcome =
                done("[Service]\nExecStart=/x\nUser=nobody\nEnvironmentFile=-/e");
        assertThat(outcome.process("web").exec().text()).isEqualTo("/x");
        assertThat(outcome.notes())
                .containsExactly(
                        "web.service:3: [Service] User: no equivalent: HOME, SHELL: set for this"
                                + " user, while systemd leaves them unset");
    }

    @Test
    void ignoresARootHomeAndANologinShell() throws IOException {
        Path passwd =
                write(
                        "passwd",
                        """
                        a:x:1:1::/h:/bin/sh
                        b:x:2:2:://:/sbin/nologin
                        c:x:3:3::/h:/bin/false
                        d:x:4:4:::
                        root:x:0:0::/:/bin/false
                        """);
        LocalAccounts accounts = new LocalAccounts(passwd, passwd);
        assertThat(accounts.placeholders("a")).isEmpty();
        assertThat(accounts.placeholders("2")).containsExactly("HOME", "SHELL");
        assertThat(accounts.placeholders("c")).containsExactly("SHELL");
        assertThat(accounts.placeholders("d")).containsExactly("HOME", "SHELL");
        assertThat(accounts.placeholders("root")).isEmpty();
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
        TestImport.Outcome outcome = done("[Service]\nExecStart=/x\n" + lines);
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
        Path passwd = write("passwd", "u:x:7:7::/h:/bin/sh\n");
        Path group = write("group", "a:x:1:x,u\nb:x:2:\nc:x:3:u\n");
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
        TestImport.Outcome outcome = done("[Service]\nExecStart=/x\nLimitNOFILE=1024:infinity");
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
            told.append(' ').append(step.timeout().toSeconds());
        }
        assertThat(told + (stop.leavesSurvivors() ? " leaves" : "")).isEqualTo(expected);
    }

    @Test
    void aSystemServiceRunsInTheRootDirectory() throws IOException {
        assertThat(done("[Service]\nExecStart=/x").process("web").cwd()).contains(Path.of("/"));
        assertThat(done("[Service]\nExecStart=/x\nWorkingDirectory=~").process("web").cwd())
                .contains(Path.of("/root"));
        TestImport.Outcome user =
                done("[Service]\nExecStart=/x\nUser=no-such-user\nWorkingDirectory=~");
        assertThat(user.process("web").cwd()).contains(Path.of("/"));
        assertThat(user.notes())
                .containsExactly(
                        "web.service:4: [Service] WorkingDirectory: no equivalent: ~: there is no"
                                + " user 'no-such-user' here; write the folder out");
        TestImport.Outcome chroot = done("[Service]\nExecStart=/x\nRootDirectory=/srv/root");
        assertThat(chroot.process("web").identity().chroot()).contains(Path.of("/srv/root"));
        assertThat(chroot.notes()).isEmpty();
    }

    @Test
    void aUnitOfAUserRunsInItsHomeWithItsVariables() throws IOException {
        Path unit =
                write(
                        "systemd/user/mine.service",
                        "[Service]\nExecStart=%h/bin/x %t %E %u\nWorkingDirectory=%h/w");
        TestImport.Outcome outcome = done(unit);
        ProcessSpec mine = outcome.process("mine");
        assertThat(mine.identity().clearEnv()).isFalse();
        assertThat(mine.cwd()).contains(Path.of("/home/ada/w"));
        assertThat(mine.exec().argv())
                .containsExactly("/home/ada/bin/x", "/run/user/0", "/home/ada/.config", "root");
        Path other = write("other.service", "[Service]\nExecStart=/x");
        TestImport.Outcome both = done(unit, other);
        assertThat(both.process("other").identity().clearEnv()).isTrue();
        assertThat(both.process("mine").identity().clearEnv()).isFalse();
    }

    @Test
    void expandsSpecifiersAsTheManualSays() throws IOException {
        Path unit =
                write(
                        "a-b@x-y\\x2dz.service",
                        "[Service]\nExecStart=/x %p %i %I %j %n %N %f %t %S %C %L %E %T %V %h %u %U"
                                + " %%");
        assertThat(done(unit).processes().getFirst().exec().argv())
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
        Path unit = write("web.service", "[Service]\nExecStart=/x\nNice=1\nUMask=077");
        write("web.service.d/20-b.conf", "[Service]\nNice=5\nExecStart=\nExecStart=/y");
        write("web.service.d/10-a.conf", "[Service]\nNice=4");
        write("web.service.d/README", "no unit");
        write("service.d/all.conf", "[Service]\nLimitNOFILE=77");
        ProcessSpec web = done(unit).process("web");
        assertThat(web.exec().text()).isEqualTo("/y");
        assertThat(web.identity().nice()).hasValue(5);
        assertThat(web.identity().umask()).hasValue(077);
        assertThat(web.identity().limits()).hasSize(1);

        write("t@.service", "[Service]\nExecStart=/bin/t %i");
        write("t@.service.d/a.conf", "[Service]\nNice=2");
        write("t@8.service.d/a.conf", "[Service]\nNice=3");
        TestImport.Outcome outcome =
                done(folder.resolve("t@8.service"), folder.resolve("t@9.service"));
        assertThat(outcome.process("t@8").exec().text()).isEqualTo("/bin/t 8");
        assertThat(outcome.process("t@8").identity().nice()).hasValue(3);
        assertThat(outcome.process("t@9").identity().nice()).hasValue(2);
    }

    @Test
    void aTransientUserMustBeThere() throws IOException {
        TestImport.Outcome outcome = done("[Service]\nExecStart=/x\nDynamicUser=yes");
        assertThat(outcome.process("web").identity().user()).contains("web");
        assertThat(outcome.process("web").identity().noNewPrivs()).isTrue();
        assertThat(outcome.notes())
                .containsExactly(
                        "web.service:3: [Service] DynamicUser: no equivalent: there must be a user"
                                + " 'web'; see useradd --system");
    }
}
