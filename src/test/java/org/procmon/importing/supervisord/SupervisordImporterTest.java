package org.procmon.importing.supervisord;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.procmon.config.GiveUp;
import org.procmon.config.OutputSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.config.RestartPolicy;
import org.procmon.config.Signal;
import org.procmon.importing.SourceFormat;
import org.procmon.importing.draft.ImporterFixture;
import org.procmon.importing.draft.TestImport;

class SupervisordImporterTest extends ImporterFixture {
    SupervisordImporterTest() {
        super(SourceFormat.SUPERVISORD, "supervisord.conf");
    }

    @Test
    void aUsualFileBecomesAUsualConfiguration() throws IOException {
        TestImport.Outcome outcome =
                done(
                        """
                        ; supervisor config file
                        [unix_http_server]
                        file=/var/run/supervisor.sock   ; (the path to the socket file)
                        chmod=0700

                        [supervisord]
                        logfile=/var/log/supervisor/supervisord.log
                        pidfile=/var/run/supervisord.pid
                        childlogdir=/var/log/supervisor
                        minfds=16

                        [rpcinterface:supervisor]
                        supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface

                        [supervisorctl]
                        serverurl=unix:///var/run/supervisor.sock

                        [program:web]
                        command=/srv/app/bin/gunicorn app:main
                            --bind "0.0.0.0:8000"   ; everywhere
                            --workers 4
                        directory=/srv/app
                        user=www-data
                        autostart=true
                        autorestart=true
                        startsecs=5
                        startretries=3
                        stopsignal=QUIT
                        stopwaitsecs=30
                        stopasgroup=true
                        killasgroup=true
                        redirect_stderr=true
                        stdout_logfile=/var/log/web.log
                        stdout_logfile_maxbytes=50MB
                        stdout_logfile_backups=3
                        environment=STAGE="%(ENV_STAGE)s",PYTHONPATH='/srv/app,/srv/lib',PRICE=5$
                        """);

        assertThat(outcome.text())
                .isEqualTo(
                        """
                        // Imported from FOLDER/supervisord.conf (supervisord).
                        {
                          "output": {"directory": "/var/log/supervisor"},
                          "defaults": {"stdin": "open", "umask": "022", "env": {"SUPERVISOR_ENABLED": "1"}},
                          "processes": [
                            {
                              "id": "web",
                              "exec": "/srv/app/bin/gunicorn app:main --bind 0.0.0.0:8000 --workers 4",
                              "cwd": "/srv/app",
                              "restart": "always",
                              "backoff": {"initial": "2s", "factor": 1.5, "reset_after": "5s"},
                              "give_up": {"restarts": 3, "period": "21s"},
                              "stop": {"signal": "QUIT", "timeout": "30s"},
                              "user": "www-data",
                              "stdout": {"file": "/var/log/web.log", "max_size": "50MiB", "keep": 3},
                              "stderr": "stdout",
                              "env": {
                                "SUPERVISOR_PROCESS_NAME": "web",
                                "SUPERVISOR_GROUP_NAME": "web",
                                "STAGE": "${STAGE}",
                                "PYTHONPATH": "/srv/app,/srv/lib",
                                "PRICE": "5$$",
                                "HOME": "/home/ada"
                              }
                            }
                          ]
                        }
                        """
                                .replace("FOLDER", folder.toString()));
        assertThat(outcome.notes())
                .containsExactly(
                        "supervisord.conf:27: [program:web] startretries: 'give_up' counts each"
                                + " restart within its 'period', also after a run as long as"
                                + " startsecs",
                        "supervisord.conf:23: [program:web] user: no equivalent: USER, LOGNAME,"
                                + " SHELL: set for this user, while supervisord leaves them unset");
        ProcessSpec web = outcome.process("web");
        assertThat(web.env()).containsEntry("STAGE", "live").containsEntry("PRICE", "5$");
        assertThat(web.backoff().resetAfter()).isEqualTo(Duration.ofSeconds(5));
        assertThat(web.stderr()).isEqualTo(new OutputSpec.WithStdout());
    }

    @Test
    void severalProcessesOfAProgramAreSeveralEntries() throws IOException {
        TestImport.Outcome outcome =
                done(
                        """
                        [program:worker]
                        command=php artisan queue:work --n=%(process_num)d --at=%(here)s --p=100%%
                        process_name=%(program_name)s_%(process_num)02d
                        numprocs=3
                        numprocs_start=8
                        stdout_logfile=%(here)s/log/%(program_name)s-%(process_num)d.log
                        [program:bare]
                        command=x
                        process_name=%(process_num)s
                        numprocs=2
                        [program:same]
                        command=x
                        process_name=same
                        numprocs=2
                        stdout_logfile=/same.log
                        """);

        assertThat(outcome.processes())
                .extracting(ProcessSpec::id)
                .containsExactly(
                        "worker_08",
                        "worker_09",
                        "worker_10",
                        "bare:0",
                        "bare:1",
                        "same",
                        "same-2");
        assertThat(outcome.process("worker_09").exec().argv())
                .containsExactly(
                        "php", "artisan", "queue:work", "--n=9", "--at=" + folder, "--p=100%");
        assertThat(outcome.process("worker_10").stdout())
                .isEqualTo(
                        new OutputSpec.Captured(
                                Optional.of(folder.resolve("log/worker-10.log")),
                                50 << 20,
                                10,
                                false));
        assertThat(outcome.notes())
                .containsExactly(
                        "supervisord.conf:13: [program:same] process_name: the name 'same' is taken"
                                + " already; it is now 'same-2'",
                        "supervisord.conf:15: [program:same] stdout_logfile: no equivalent: another"
                                + " process writes to /same.log; this one has a file of its own"
                                + " instead");
    }

    @ParameterizedTest
    @CsvSource({
        "true, ALWAYS, 0",
        "false, NEVER, 0",
        "unexpected, ON_FAILURE, 0",
        "'', ON_FAILURE, 3"
    })
    void restartsFollowAutorestart(String value, RestartPolicy policy, int code)
            throws IOException {
        String setting = value.isEmpty() ? "exitcodes=3" : "autorestart=" + value;
        ProcessSpec spec = done("[program:a]\ncommand=x\nautostart=no\n" + setting).process("a");

        assertThat(spec.restart()).isEqualTo(policy);
        assertThat(spec.successExit().codes()).containsExactly(code);
        assertThat(spec.skip()).isTrue();
    }

    @Test
    void aProgramThatNeverStartsIsGivenUpAfterThreeRetries() throws IOException {
        TestImport.Outcome outcome = done("[program:a]\ncommand=x");
        ProcessSpec a = outcome.process("a");
        assertThat(a.giveUp()).contains(new GiveUp(3, Duration.ofSeconds(9), Optional.empty()));
        // As long as supervisord takes for it, to a second.
        assertThat(a.backoff().initial()).isEqualTo(Duration.ofSeconds(2));
        assertThat(a.backoff().factor()).isEqualTo(1.5);
        assertThat(a.backoff().resetAfter()).isEqualTo(Duration.ofSeconds(1));
        assertThat(outcome.notes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "startretries=5~startsecs=2 | 5 28 |",
                "startretries=0   | 1 1 | startretries: with 0 there is one retry here",
                "startretries=999999 | | startretries: it is never given up, since 'give_up' counts"
                        + " fewer restarts",
                "autorestart=true | 3 9 | autorestart: 'give_up' counts each restart within its"
                        + " 'period', also after a run as long as startsecs",
                "autorestart=false | |",
                "autorestart=false~startretries=2 | | startretries: no equivalent: with"
                        + " autorestart=false there is no retry here",
                "startsecs=0      | | startsecs: no equivalent: with 0 what ends at once would be"
                        + " restarted at once, for ever; the backoff stays as it is by default",
            })
    void retriesOfAStartAreBounded(String settings, @Nullable String limit, @Nullable String note)
            throws IOException {
        TestImport.Outcome outcome = done("[program:a]\ncommand=x\n" + settings.replace('~', '\n'));
        Optional<String> found =
                outcome.process("a")
                        .giveUp()
                        .map(giveUp -> giveUp.restarts() + " " + giveUp.period().toSeconds());
        assertThat(found).isEqualTo(Optional.ofNullable(limit));
        assertThat(outcome.notes())
                .extracting(told -> told.substring(told.indexOf("] ") + 2))
                .isEqualTo(note == null ? List.of() : List.of(note));
    }

    @Test
    void prioritiesBecomeTheOrder() throws IOException {
        TestImport.Outcome outcome =
                done(
                        """
                        [program:c]
                        command=x
                        [program:b]
                        command=x
                        priority=20
                        [program:a]
                        command=x
                        priority=-1
                        """);
        assertThat(outcome.processes()).extracting(ProcessSpec::id).containsExactly("a", "b", "c");
        assertThat(outcome.notes()).isEmpty();
    }

    @Test
    void outputsGoWhereTheyWent() throws IOException {
        TestImport.Outcome outcome =
                done(
                        """
                        [program:a]
                        command=x
                        stdout_logfile=NONE
                        stderr_logfile=AUTO
                        stderr_logfile_backups=0
                        [program:b]
                        command=x
                        stdout_logfile=/dev/stdout
                        stdout_logfile_maxbytes=0
                        stderr_logfile=/dev/fd/2
                        [program:c]
                        command=x
                        stdout_logfile=~/c.log
                        stdout_logfile_maxbytes=10
                        stderr_logfile=/home/ada/c.log
                        stderr_logfile_backups=9999
                        stdout_events_enabled=true
                        """);
        assertThat(outcome.process("a").stdout()).isEqualTo(new OutputSpec.Discarded());
        assertThat(outcome.process("a").stderr())
                .isEqualTo(new OutputSpec.Captured(Optional.empty(), 10_000_000, 0, false));
        assertThat(outcome.process("b").stdout()).isEqualTo(new OutputSpec.Inherited());
        assertThat(outcome.process("b").stderr()).isEqualTo(new OutputSpec.Inherited());
        assertThat(outcome.process("c").stdout())
                .isEqualTo(
                        new OutputSpec.Captured(
                                Optional.of(Path.of("/home/ada/c.log")), 1000, 10, false));
        assertThat(outcome.process("c").stderr()).isEqualTo(new OutputSpec.WithStdout());
        assertThat(outcome.notes())
                .containsExactly(
                        "supervisord.conf:14: [program:c] stdout_logfile_maxbytes: no equivalent: a"
                                + " file has at least 1000 bytes",
                        "supervisord.conf:17: [program:c] stdout_events_enabled: no equivalent:"
                                + " output makes no events");
    }

    @Test
    void variablesOfACommandArePutThereByAShell() throws IOException {
        TestImport.Outcome outcome =
                done(
                        """
                        [program:a]
                        command=/bin/x --a=%(ENV_A)s "%(ENV_B)s c" '$HOME' it\\'s
                        directory=/srv/%(ENV_STAGE)s
                        environment=A="%(ENV_NOT_THERE)s",B="1",PROCMON_ID="2",C-D="3"
                        """);
        ProcessSpec a = outcome.process("a");
        assertThat(a.exec().argv())
                .containsExactly(
                        "sh",
                        "-c",
                        "set -f; exec /bin/x --a=${NOT_THERE} '1 c' '$HOME' 'it'\\''s'");
        assertThat(a.cwd()).contains(Path.of("/srv/live"));
        assertThat(a.env()).containsEntry("B", "1").doesNotContainKeys("A", "C-D");
        assertThat(outcome.notes())
                .containsExactly(
                        "supervisord.conf:2: [program:a] command: NOT_THERE is not set here;"
                                + " supervisord does not start without it",
                        "supervisord.conf:3: [program:a] directory: no equivalent: variables have"
                                + " no place in it; their values of now are used",
                        "supervisord.conf:4: [program:a] environment: no equivalent: A is left out,"
                                + " since its value uses NOT_THERE, which is not set here",
                        "supervisord.conf:4: [program:a] environment: no equivalent: procmon sets"
                                + " PROCMON_ID itself",
                        "supervisord.conf:4: [program:a] environment: no equivalent: 'C-D' is no"
                                + " name of a variable");
    }

    @Test
    void supervisordsOwnFolderAndVariablesAreForAllPrograms() throws IOException {
        TestImport.Outcome outcome =
                done(
                        """
                        [supervisord]
                        directory=/srv
                        environment=A="1",B=2,
                        [program:a]
                        command=x
                        environment=B="3",Q='a "b"'
                        [program:b]
                        command=x
                        directory=/tmp
                        """);
        assertThat(outcome.process("a").cwd()).contains(Path.of("/srv"));
        assertThat(outcome.process("b").cwd()).contains(Path.of("/tmp"));
        assertThat(outcome.process("a").env()).containsEntry("A", "1").containsEntry("B", "3");
        assertThat(outcome.process("a").env()).containsEntry("Q", "a \"b");
        assertThat(outcome.process("b").env()).containsEntry("B", "2");
    }

    @Test
    void includedFilesAreReadOnceAndTheirOwnIncludesAreNot() throws IOException {
        write("conf.d/b.conf", "[program:b]\ncommand=%(here)s/b\n[include]\nfiles=*.conf\n");
        write("conf.d/a.conf", "[program:main]\nstopsignal=INT\n[program:a]\ncommand=a");
        write("conf.d/.hidden.conf", "[program:hidden]\ncommand=a");
        write("conf.d/c.ini", "[program:c]\ncommand=c");
        TestImport.Outcome outcome =
                done(
                        """
                        [program:main]
                        command=x
                        [include]
                        files = conf.d/*.conf %(here)s/conf.d/[a-b].conf
                            supervisord.conf none/*
                        """);
        assertThat(outcome.processes())
                .extracting(ProcessSpec::id)
                .containsExactly("main", "a", "b");
        assertThat(outcome.process("main").stop().steps().getFirst().signal())
                .isEqualTo(Signal.INT);
        assertThat(outcome.process("b").exec().text()).isEqualTo(folder + "/conf.d/b");
        assertThat(outcome.notes())
                .containsExactly(
                        "conf.d/b.conf:3: [include]: no equivalent: supervisord follows no include"
                                + " of an included file either",
                        "supervisord.conf:4: [include] files: no file is named none/*");
    }

    @Test
    void reportsASectionWithoutEquivalentOnce() throws IOException {
        TestImport.Outcome outcome =
                done(
                        """
                        [inet_http_server]
                        port=127.0.0.1:9001
                        password=secret
                        [group:all]
                        programs=all
                        [eventlistener:mail]
                        command=crashmail
                        events=PROCESS_STATE
                        [fcgi-program:php]
                        command=php-cgi
                        socket=tcp://:9000
                        [ctlplugin:x]
                        a=b
                        [program:all]
                        command=x
                        unheard_of=1
                        """);
        assertThat(outcome.processes()).extracting(ProcessSpec::id).containsExactly("all-2");
        assertThat(outcome.notes())
                .containsExactly(
                        "supervisord.conf:4: [group:all]: no equivalent: a group; name its"
                                + " processes by a glob like 'web-*'",
                        "supervisord.conf:1: [inet_http_server]: no equivalent: fcgi_proc answers"
                                + " HTTP, behind a web server",
                        "supervisord.conf:6: [eventlistener:mail]: no equivalent: event listeners;"
                                + " the section is left out",
                        "supervisord.conf:9: [fcgi-program:php]: no equivalent: an entry of 'pools'"
                                + " does this; the section is left out",
                        "supervisord.conf:12: [ctlplugin:x]: no equivalent: the section is unknown;"
                                + " it is left out",
                        "supervisord.conf:14: [program:all]: the name 'all' is reserved; it is now"
                                + " 'all-2'",
                        "supervisord.conf:16: [program:all] unheard_of: no equivalent: the setting"
                                + " is unknown");
    }

    @Test
    void namesThatAreNotValidAreChanged() throws IOException {
        TestImport.Outcome outcome =
                done(
                        "[program:my app/1]\ncommand=x\n[program:my-app-1]\ncommand=x\n[program:ä]\n"
                                + "command=x");
        assertThat(outcome.processes())
                .extracting(ProcessSpec::id)
                .isEqualTo(List.of("my-app-1", "my-app-1-2", "process"));
        assertThat(outcome.notes())
                .contains(
                        "supervisord.conf:1: [program:my app/1]: 'my app/1' is not valid as a name"
                                + " here; it is now 'my-app-1'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "command=x                    | 1: there is no section yet, such as [program:NAME]",
                "[program:a]~x                | 2: this is neither a section nor KEY=VALUE",
                "[]                           | 1: a section is named like [this]",
                "[supervisord]                | 1: there is nothing to run: no [program:NAME]",
                "[program:a]                  | 1: [program:a] has no command",
                "[program:a]~command=         | 2: the command names no program",
                "[program:a]~command=\"\" x   | 2: the command names no program",
                "[program:a]~command=sh -c 'x | 2: a quote is never closed: '",
                "[program:a]~command=x \\     | 2: a backslash at the end escapes nothing",
                "[program:a]~command=x %d     | 2: a % begins no %(name)s here; one that means"
                        + " itself is %%",
                "[program:a]~command=%(x)s    | 2: %(x)s stands for nothing",
                "[program:a]~command=%(here)d | 2: %(here)d is no number",
                "[program:a]~command=%(here)f | 2: %(here) must be followed by s, d or such as 02d",
                "[program:a]~command=x~numprocs=1001 | 3: numprocs must be a number from 0 to 1000,"
                        + " found '1001'",
                "[program:a]~command=x~autostart=maybe | 3: autostart must be true or false, found"
                        + " 'maybe'",
                "[program:a]~command=x~exitcodes= | 3: exitcodes must be exit codes such as 0,2,"
                        + " found ''",
                "[program:a]~command=x~stopsignal=NO | 3: stopsignal must be the name of a signal"
                        + " such as TERM, found 'NO'",
                "[program:a]~command=x~stdout_logfile_maxbytes=5TB | 3: stdout_logfile_maxbytes"
                        + " must be a size such as 50MB, found '5TB'",
                "[program:a]~command=x~environment=A=\"b | 3: a quote is never closed: \"",
                "[program:a]~command=x~environment=A | 3: after a variable's name '=' is missing",
                "[program:a]~command=x~environment=A=\"b\" C=\"d\" | 3: between variables ',' is"
                        + " missing, after A",
            })
    void whatSupervisordWouldRefuseIsRefused(String text, String problem) throws IOException {
        assertThat(refused(text.replace('~', '\n'))).isEqualTo("supervisord.conf:" + problem);
    }
}
