package org.procmon.importing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.procmon.config.SpecResult;
import org.procmon.importing.draft.ImportResult;
import org.procmon.importing.draft.TestImport;

/** Files that are not what they should be: whatever they are, there is an answer. */
@Timeout(60)
class HostileFilesTest {
    private static final int ROUNDS = 1000;
    private static final long SEED = 20_260_301;
    private static final String TELLING = "[]=:;#%()\"'\\$\n {}~-,.0\u0001";

    /** Each is good, and has much that may be damaged. */
    private static final Map<SourceFormat, String> GOOD =
            Map.of(
                    SourceFormat.SUPERVISORD,
                    """
                    [supervisord]
                    environment=A="1",B='%(ENV_HOME)s'
                    [program:web]
                    command=/bin/web --n=%(process_num)02d "%(ENV_STAGE)s" 'b c' \\d
                        --more
                    process_name=%(program_name)s-%(process_num)d
                    numprocs=2
                    directory=%(here)s
                    autorestart=unexpected
                    exitcodes=0,2
                    startsecs=3
                    stopsignal=INT
                    stopwaitsecs=9
                    priority=5
                    stdout_logfile=/log/%(process_num)d
                    stdout_logfile_maxbytes=5MB
                    stdout_logfile_backups=2
                    stderr_logfile=NONE
                    environment=C="x,y",D=$e
                    """,
                    SourceFormat.PROCFILE,
                    """
                    # all
                    web: bin/web -p $PORT 'a b' "c"
                    worker: A=1 bin/worker > log 2>&1
                    css: yarn --watch
                    """,
                    SourceFormat.SYSTEMD,
                    """
                    [Unit]
                    Description=A %n
                    After=network.target web.service
                    [Service]
                    Type=oneshot
                    Environment="A=b c" D=e%%
                    ExecStart=-/bin/web ${A} $D "\\x41 ${E}" ; /bin/other \\
                        more
                    WorkingDirectory=/srv
                    Restart=on-failure
                    RestartSec=1min 5s
                    SuccessExitStatus=3 SIGHUP
                    KillSignal=INT
                    TimeoutStopSec=infinity
                    StandardOutput=append:/log/x
                    """,
                    SourceFormat.PHP_FPM,
                    """
                    ; all
                    [global]
                    process_control_timeout = 5s
                    [www]
                    user = nobody
                    listen = "/run/$pool.sock" ; here
                    listen.mode = 0660
                    listen.backlog = 511
                    pm = dynamic
                    pm.max_children = 9
                    pm.start_servers = 2
                    pm.min_spare_servers = 1
                    pm.max_spare_servers = 3
                    request_terminate_timeout = 2m
                    env[A] = $STAGE
                    php_admin_value[memory_limit] = "32M;"
                    rlimit_core = unlimited
                    [tcp]
                    listen = [::1]:9000
                    listen.allowed_clients = 127.0.0.1, ::1
                    pm = static
                    pm.max_children = 3
                    """,
                    SourceFormat.LIGHTTPD,
                    """
                    # all
                    server.username = "www-data"
                    var.base = "/run/" + "x"
                    include "none/*.conf"
                    $HTTP["host"] =~ "^(a|b)$" {
                        fastcgi.server = ( ".php" => ((
                            "bin-path" => "/usr/bin/php-cgi -b",
                            "socket" => base + "/php.socket",
                            "max-procs" => 2,
                            "bin-environment" => ( "PHP_FCGI_CHILDREN" => "4", "A" => "b c" ),
                            "bin-copy-environment" => ( "PATH", "USER" ),
                            "broken-scriptfilename" => "enable"
                        )))
                    } else $HTTP["url"] == "/x" {
                        fastcgi.server += ( "/app" => ( "app" => (
                            "bin-path" => "/bin/app", "port" => 9000, "min-procs" => 1,
                            "kill-signal" => 10, "host" => "::1"),
                            ( "host" => "10.0.0.1", "port" => 9000 ) ) )
                    }
                    """,
                    SourceFormat.MONO_FPM,
                    """
                    <?xml version="1.0"?>
                    <!-- a template -->
                    <Settings>
                        <Setting Name="shimsock" Value="/tmp/shims/$(filename)" />
                        <Setting Name="instance-type" Value="ondemand" />
                        <Setting Name="user"><Value>nobody</Value></Setting>
                        <Setting Name="socket" Value="unix://660@/tmp/sockets/$(filename)" />
                        <Setting Name='applications' Value="/:/tmp/website/&lt;&#x41;/" />
                        <Setting Name="idle-time" Value="20" />
                    </Settings>
                    """,
                    SourceFormat.SPAWN_FCGI,
                    """
                    FCGIPROGRAM='/usr/bin/php-cgi'
                    PHP_FCGI_MAX_REQUESTS=1000 USERID=nobody # both
                    exec env -i A=1 spawn-fcgi -n -p 9000 -a 127.0.0.1 -b 100 -F3 -d /srv \\
                        -u "${USERID}" -- $FCGIPROGRAM "a b" c\\ d
                    """,
                    SourceFormat.SPAWN_PHP,
                    """
                    #!/bin/bash
                    SPAWNFCGI="/usr/bin/spawn-fcgi"
                    FCGIPROGRAM="/usr/bin/php-cgi"
                    FCGISOCKET=/run/php.sock
                    PHP_FCGI_CHILDREN=3
                    FCGI_WEB_SERVER_ADDRS="127.0.0.1,::1"
                    ALLOWED_ENV="ORACLE_HOME PATH"
                    USERID=root
                    if test x$UID = x0; then
                      EX="$SPAWNFCGI -s $FCGISOCKET -M 0660 -F 2 -u $USERID -C $PHP_FCGI_CHILDREN -- $FCGIPROGRAM"
                    fi
                    env - $E $EX
                    """);

    @TempDir Path folder = Path.of("");
    private TestImport testImport = new TestImport(folder);

    @BeforeEach
    void setUp() {
        testImport = new TestImport(folder);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JULIA_FPM") // it has no files
    void noDamageMakesAnInvalidConfiguration(SourceFormat format) throws IOException {
        String good = GOOD.getOrDefault(format, "");
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String damaged = damaged(good, new Random(SEED + round));
            Path file = testImport.write("web.service", damaged);
            ImportResult result;
            try {
                result = TestImport.read(format, file);
            } catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError(format + ", seed " + (SEED + round) + "\n" + damaged, e);
            }
            switch (result) {
                case ImportResult.Imported imported ->
                        assertThat(testImport.spec(imported.text()))
                                .isInstanceOf(SpecResult.Valid.class);
                case ImportResult.Refused problem -> {
                    refused++;
                    assertThat(problem.reason())
                            .as("%s, seed %s\n%s", format, SEED + round, damaged)
                            .doesNotContain("no valid configuration");
                }
                case ImportResult.Unreadable problem -> throw new AssertionError(problem);
            }
        }
        assertThat(refused).isBetween(ROUNDS / 100, ROUNDS * 95 / 100);
    }

    private static String damaged(String good, Random random) {
        StringBuilder text = new StringBuilder(good);
        int times = 1 + random.nextInt(3);
        for (int i = 0; i < times; i++) {
            int at = random.nextInt(text.length());
            char telling = TELLING.charAt(random.nextInt(TELLING.length()));
            switch (random.nextInt(4)) {
                case 0 -> text.setCharAt(at, telling);
                case 1 -> text.insert(at, telling);
                case 2 -> text.delete(at, Math.min(text.length() - 1, at + random.nextInt(20)));
                default -> {
                    int from = random.nextInt(good.length());
                    int to = Math.min(good.length(), from + random.nextInt(40));
                    text.insert(at, good, from, to);
                }
            }
        }
        return text.toString();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JULIA_FPM") // it has no files
    void binaryFilesAreNotText(SourceFormat format) throws IOException {
        byte[] bytes = new byte[100_000];
        new Random(SEED).nextBytes(bytes);
        Path file = Files.write(folder.resolve("web.service"), bytes);
        assertThat(testImport.refused(format, file)).matches("web.service:\\d+: this is not .*");
        Files.write(file, new byte[] {'a', '\n', 'b', 0, 'c'});
        assertThat(testImport.refused(format, file))
                .isEqualTo(
                        "web.service:2: this is not text: it has a control character of the number"
                                + " 0");
        Files.write(file, "a\n\n\u00e4".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(testImport.refused(format, file)).isEqualTo("web.service:3: this is not UTF-8");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JULIA_FPM") // it has no files
    void emptyFilesHaveNothingToRun(SourceFormat format) throws IOException {
        assertThat(testImport.refused(format, testImport.write("web.service", "")))
                .startsWith("web.service:1: there is no");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JULIA_FPM") // it has no files
    void filesThatAreNotThereCannotBeRead(SourceFormat format) throws IOException {
        Path missing = folder.resolve("web.service");
        assertThat(TestImport.read(format, missing))
                .isEqualTo(
                        new ImportResult.Unreadable(
                                missing, "cannot read the file: there is no such file"));
        Files.createDirectory(missing);
        if (format == SourceFormat.MONO_FPM) {
            assertThat(testImport.refused(format, missing))
                    .isEqualTo("web.service:1: there is no file *.xml in this folder");
            return;
        }
        assertThat(TestImport.read(format, missing))
                .isEqualTo(
                        new ImportResult.Unreadable(
                                missing, "cannot read the file: it is a folder"));
    }

    @Test
    void longLinesAreTakenAsTheyAre() throws IOException {
        String word = "x".repeat(1 << 20);
        Path ini = testImport.write("s.conf", "[program:a]\ncommand=/bin/echo " + word);
        Path procfile = testImport.write("Procfile", "a: /bin/echo " + word);
        Path unit = testImport.write("a.service", "[Service]\nExecStart=/bin/echo " + word);

        for (TestImport.Outcome outcome :
                List.of(
                        testImport.done(SourceFormat.SUPERVISORD, ini),
                        testImport.done(SourceFormat.PROCFILE, procfile),
                        testImport.done(SourceFormat.SYSTEMD, unit))) {
            assertThat(outcome.process("a").exec().argv()).containsExactly("/bin/echo", word);
        }
    }

    @Test
    void manyLargeProcessesAreRefused() throws IOException {
        Path file =
                testImport.write(
                        "s.conf",
                        "[program:a]\nnumprocs=1000\nprocess_name=%(process_num)s\ncommand="
                                + "x".repeat(1 << 20));
        assertThat(testImport.refused(SourceFormat.SUPERVISORD, file))
                .isEqualTo("s.conf:1: so many processes of this size are too much");
    }

    @Test
    void manyProcessesAreImported() throws IOException {
        Path file =
                testImport.write(
                        "s.conf",
                        "[program:a]\nnumprocs=1000\nprocess_name=%(process_num)s\ncommand=x");
        assertThat(testImport.done(SourceFormat.SUPERVISORD, file).processes()).hasSize(1000);
    }

    @Test
    void filesThatIncludeEachOtherAreReadOnce() throws IOException {
        testImport.write("b.conf", "[program:b]\ncommand=b\n[include]\nfiles=a.conf b.conf");
        Path file =
                testImport.write(
                        "a.conf", "[program:a]\ncommand=a\n[include]\nfiles=*.conf ./a.conf");
        Files.createSymbolicLink(folder.resolve("c.conf"), folder.resolve("a.conf"));
        assertThat(testImport.done(SourceFormat.SUPERVISORD, file).processes()).hasSize(2);
    }

    @Test
    void namesTheBrokenIncludedFile() throws IOException {
        testImport.write("b.conf", "\ncommand=b");
        Path file = testImport.write("a.conf", "[program:a]\ncommand=a\n[include]\nfiles=b.conf [");
        assertThat(testImport.refused(SourceFormat.SUPERVISORD, file))
                .isEqualTo("b.conf:2: there is no section yet, such as [program:NAME]");
    }
}
