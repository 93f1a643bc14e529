package org.procmon.importing.phpfpm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.procmon.importing.SourceFormat;
import org.procmon.importing.draft.ImporterFixture;
import org.procmon.importing.draft.TestImport;

class PhpFpmImporterTest extends ImporterFixture {
    private static final String WWW = "[www]\nlisten = /run/php.sock\nlisten.group = adm\n";
    private static final String STATIC = "pm = static\npm.max_children = 4\n";

    PhpFpmImporterTest() {
        super(SourceFormat.PHP_FPM, "www.conf");
    }

    @Test
    void aUsualPoolIsAPoolOfPhpCgi() throws IOException {
        Path file =
                write(
                        "etc/php/8.2/fpm/pool.d/www.conf",
                        """
                        ; Start a new pool named 'www'.
                        [www]
                        user = www-data
                        group = www-data
                        listen = /run/php/php8.2-fpm.sock
                        listen.backlog = 1024
                        listen.owner = www-data
                        listen.group = www-data
                        listen.mode = 0600
                        ;listen.allowed_clients = 127.0.0.1
                        pm = dynamic
                        pm.max_children = 5
                        pm.start_servers = 2
                        pm.min_spare_servers = 1
                        pm.max_spare_servers = 3
                        pm.max_requests = 500 ; then a new one
                        pm.status_path = /status
                        request_terminate_timeout = 2m
                        request_slowlog_timeout = 10
                        slowlog = log/$pool.log.slow
                        process.priority = -5
                        rlimit_files = 1024
                        rlimit_core = unlimited
                        chdir = /srv
                        catch_workers_output = yes
                        env[STAGE] = $STAGE
                        env[TMP] = "/tmp/$pool"
                        php_flag[display_errors] = off
                        php_admin_value[error_log] = /var/log/fpm-php.$pool.log
                        php_admin_value[memory_limit] = 32M
                        php_value[date.timezone] = "Europe/Berlin"
                        php_value[error_reporting] = E_ALL & ~E_NOTICE
                        php_value[sendmail_path] = "sendmail -t; \\"x\\""
                        """);
        TestImport.Outcome outcome = done(file);

        assertThat(outcome.text())
                .isEqualTo(
                        """
                        // Imported from FOLDER/etc/php/8.2/fpm/pool.d/www.conf (php-fpm).
                        {
                          "pools": [
                            {
                              "id": "www",
                              "exec": ["php-cgi8.2", "-d", "date.timezone=Europe/Berlin", "-d", "error_reporting=E_ALL & ~E_NOTICE", "-d", "sendmail_path=\\"sendmail -t; \\\\\\"x\\\\\\"\\"", "-d", "display_errors=off", "-d", "error_log=/var/log/fpm-php.www.log", "-d", "memory_limit=32M"],
                              "listen": "unix://600@/run/php/php8.2-fpm.sock",
                              "listen_owner": "www-data",
                              "listen_group": "www-data",
                              "backlog": 1024,
                              "mode": "dynamic",
                              "workers": {"min": 2, "max": 5, "spare_min": 1, "spare_max": 3},
                              "request": {"slow": "10s", "timeout": "120s"},
                              "user": "www-data",
                              "group": "www-data",
                              "cwd": "/srv",
                              "nice": -5,
                              "limits": {"nofile": 1024, "core": "unlimited"},
                              "clear_env": true,
                              "env": {"PHP_FCGI_MAX_REQUESTS": "500", "STAGE": "${STAGE}", "TMP": "/tmp/www"}
                            }
                          ]
                        }
                        """
                                .replace("FOLDER", folder.toString()));
        String at = "etc/php/8.2/fpm/pool.d/www.conf:";
        assertThat(outcome.notes())
                .containsExactly(
                        at
                                + "29: [www] php_admin_value[error_log]: set by -d, so a script can"
                                + " change it with ini_set() where PHP allows that",
                        at
                                + "30: [www] php_admin_value[memory_limit]: set by -d, so a script"
                                + " can change it with ini_set() where PHP allows that",
                        at
                                + "17: [www] pm.status_path: no equivalent: '?pool=ID' of fcgi_proc"
                                + " answers with this page",
                        at
                                + "20: [www] slowlog: no equivalent: a slow request is an event, and"
                                + " in the log: its worker, system call and processor time, without"
                                + " a trace of PHP");
    }

    @Test
    void poolsAreReadFromAllFilesWithWhatTheyInherit() throws IOException {
        write("pool.d/a.conf", "[a]\nlisten = 9000\n" + STATIC + "clear_env = no\n");
        write(
                "pool.d/b.conf",
                """
                # in the way of PHP 5
                [b]
                prefix = /srv/$pool
                user = $pool
                listen = run/b.sock
                listen.group = web
                pm = ondemand
                pm.max_children = 2000
                rlimit_files = 32
                chroot = root
                catch_workers_output = no
                [b.2]
                listen = *:9001
                pm = ondemand
                pm.max_children = 3
                pm.process_idle_timeout = 5m
                [b]
                pm.max_children = 7
                """);
        TestImport.Outcome outcome =
                done(
                        """
                        include = pool.d/*.conf
                        [global]
                        pid = /run/php-fpm.pid
                        process_control_timeout = 1m
                        rlimit_files = 64
                        process.max = 128
                        include = none/*.conf
                        """);

        assertThat(outcome.text().lines().skip(1).toList())
                .containsExactlyElementsOf(
                        """
                        {
                          "pools": [
                            {
                              "id": "a",
                              "exec": "php-cgi",
                              "listen": ":9000",
                              "mode": "static",
                              "workers": 4,
                              "patience": "60s",
                              "limits": {"nofile": 64},
                              "env": {"PHP_FCGI_MAX_REQUESTS": "0"}
                            },
                            {
                              "id": "b",
                              "exec": "php-cgi",
                              "listen": "/srv/b/run/b.sock",
                              "listen_group": "web",
                              "mode": "ondemand",
                              "workers": 7,
                              "idle_timeout": "10s",
                              "patience": "60s",
                              "user": "b",
                              "cwd": "/",
                              "chroot": "/srv/b/root",
                              "limits": {"nofile": 32},
                              "clear_env": true,
                              "env": {"PHP_FCGI_MAX_REQUESTS": "0"},
                              "stdout": "null",
                              "stderr": "null"
                            },
                            {
                              "id": "b-2",
                              "exec": "php-cgi",
                              "listen": ":9001",
                              "mode": "ondemand",
                              "workers": 3,
                              "idle_timeout": "300s",
                              "patience": "60s",
                              "limits": {"nofile": 64},
                              "clear_env": true,
                              "env": {"PHP_FCGI_MAX_REQUESTS": "0"}
                            }
                          ]
                        }
                        """
                                .lines()
                                .toList());
        assertThat(outcome.notes())
                .containsExactly(
                        "www.conf:7: [global] include: no file is named none/*.conf",
                        "www.conf:3: [global] pid: no equivalent: it concerns php-fpm itself",
                        "www.conf:6: [global] process.max: no equivalent: 'workers' limits each"
                                + " pool",
                        "pool.d/b.conf:10: [b] chroot: php-cgi starts inside: unlike for php-fpm,"
                                + " the program, its libraries and php.ini must be there",
                        "pool.d/b.conf:12: [b.2]: 'b.2' is not valid as a name here; it is now"
                                + " 'b-2'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "9000|:9000",
                "*:9000|:9000",
                "127.0.0.1:9000|127.0.0.1:9000",
                "[::1]:9000|[::1]:9000",
                "[::]:9000|[::]:9000",
                "localhost:9000|localhost:9000",
                "/run/$pool.sock|/run/www.sock",
                "\"/run/a;b.sock\"|/run/a;b.sock",
            })
    void everyFormOfListenIsAnAddress(String listen, String address) throws IOException {
        assertThat(done("[www]\nlisten = " + listen + "\n" + STATIC).text())
                .contains("\"listen\": \"" + address + "\"");
    }

    @Test
    void clientsOfAPortAreLimitedAsThere() throws IOException {
        TestImport.Outcome outcome =
                done(
                        "[www]\nlisten=9000\nlisten.mode=0600\nlisten.allowed_clients=127.0.0.1,::1\n"
                                + STATIC);
        assertThat(outcome.text()).contains("\"allowed_clients\": [\"127.0.0.1\", \"::1\"]");
        assertThat(outcome.notes())
                .containsExactly(
                        "www.conf:3: [www] listen.mode: no equivalent: a port has no owner and no"
                                + " mode");
    }

    @Test
    void whatPhpFpmSaysBesideIsTold() throws IOException {
        TestImport.Outcome outcome =
                done(
                        "[www]\nlisten = /run/x\nlisten.allowed_clients = 127.0.0.1\n"
                                + STATIC
                                + """
                                pm.start_servers = 2
                                request_terminate_timeout = 5s
                                request_slowlog_timeout = 5s
                                env[PHP_FCGI_CHILDREN] = 5
                                env[X] = $NOT_SET
                                security.limit_extensions = .php
                                zz = 1
                                chdir = ${STAGE}/x
                                prefix = /
                                """);
        assertThat(outcome.notes())
                .containsExactly(
                        "www.conf:2: [www] listen: without listen.group, php-fpm gives the socket"
                                + " to the group that it runs as; here the group of the web server"
                                + " may connect, if there is one",
                        "www.conf:3: [www] listen.allowed_clients: no equivalent: the mode of a"
                                + " Unix socket says who may connect",
                        "www.conf:6: [www] pm.start_servers: php-fpm ignores it with this value of"
                                + " 'pm'",
                        "www.conf:8: [www] request_slowlog_timeout: no equivalent: a request is"
                                + " stopped before it is slow",
                        "www.conf:13: [www] chdir: the value that ${STAGE} has now is written",
                        "www.conf:9: [www] env[PHP_FCGI_CHILDREN]: no equivalent: procmon starts"
                                + " the workers, as many as needed",
                        "www.conf:10: [www] env[X]: no equivalent: X is left out, since its value"
                                + " uses NOT_SET, which is not set here",
                        "www.conf:11: [www] security.limit_extensions: no equivalent: php-cgi runs"
                                + " every file that the web server names; name only those that end"
                                + " in .php there",
                        "www.conf:12: [www] zz: no equivalent: the setting is unknown");
        assertThat(outcome.text()).contains("\"cwd\": \"//live/x\"");
    }

    @Test
    void theProgramHasTheVersionOfAnAlpinePath() throws IOException {
        Path file = write("etc/php83/php-fpm.d/www.conf", WWW + STATIC);
        assertThat(done(file).text()).contains("\"exec\": \"php-cgi83\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pm = static|www.conf:1: there is no section yet, such as [www]",
                "[www|www.conf:1: a section is named like [this]",
                "[www] x|www.conf:1: a section is named like [this]",
                "[www]\\nfoo|www.conf:2: this is neither a section nor KEY = VALUE",
                "[www]\\nlisten = \"/x|www.conf:2: a quote is never closed: \"",
                "[www]\\nlisten = \"/x\" y|www.conf:2: only a comment may follow the quoted value",
                "[global]\\npid = x|www.conf:1: there is no pool, such as [www]",
                "\\n[www]\\npm = static|www.conf:2: the pool 'www' has no 'listen'",
                "[www]\\nlisten = /x|www.conf:1: the pool 'www' has no 'pm'",
                "WWWpm = static|www.conf:1: the pool 'www' has no 'pm.max_children'",
                "WWWpm = many\\npm.max_children = 1|"
                        + "www.conf:4: pm must be static, dynamic or ondemand, found 'many'",
                "WWWpm = static\\npm.max_children = 0|"
                        + "www.conf:5: pm.max_children must be a number from 1 to 999999999, found"
                        + " '0'",
                "WWWpm = dynamic\\npm.max_children = 5|"
                        + "www.conf:1: the pool 'www' has no 'pm.min_spare_servers'",
                "WWWpm = dynamic\\npm.max_children = 5\\npm.min_spare_servers = 3"
                        + "\\npm.max_spare_servers = 2|"
                        + "www.conf:7: pm.max_spare_servers must be a number from 3 to 5, found '2'",
                "WWWSTATICrequest_terminate_timeout = 5 s|"
                        + "www.conf:6: request_terminate_timeout must be a time such as 30s, 5m or"
                        + " 1h, found '5 s'",
                "WWWSTATICchdir = srv|"
                        + "www.conf:6: chdir is a relative path, and no 'prefix' says where it"
                        + " begins",
                "WWWSTATICuser = a b|"
                        + "www.conf:6: user must be the name of an account, found 'a b'",
                "WWWSTATIClisten.mode = 060|"
                        + "www.conf:2: listen: cannot listen at '/run/php.sock': the mode in"
                        + " 'listen' must let the owner read and write",
                "WWWSTATIClisten.mode = rw|"
                        + "www.conf:6: listen.mode must be octal digits such as 0660, found 'rw'",
                "[www]\\nlisten = 127.0.0.1:0\\nSTATIC|"
                        + "www.conf:2: listen: cannot listen at '127.0.0.1:0': the port in 'listen'"
                        + " must be a number from 1 to 65535, found \"0\"",
                "[www]\\nlisten = 9000\\nlisten.allowed_clients = web\\nSTATIC|"
                        + "www.conf:3: listen.allowed_clients must be IP addresses such as"
                        + " 127.0.0.1, found 'web'",
                "WWWSTATIC[b]\\nlisten = /run/php.sock\\nSTATIC|"
                        + "www.conf:6: this cannot be a pool here: 'b' listens where 'www'"
                        + " listens: /run/php.sock",
            })
    void aBadFileIsRefusedWithTheLine(String text, String message) throws IOException {
        String whole = text.replace("WWW", WWW).replace("STATIC", STATIC).replace("\\n", "\n");
        assertThat(refused(whole)).isEqualTo(message);
    }

    @Test
    void namesTheBrokenIncludedFile() throws IOException {
        write("pool.d/a.conf", "[a]\nlisten = 9000\npm = static\npm.max_children = x\n");
        assertThat(refused("include = pool.d/*.conf\n" + WWW + STATIC))
                .isEqualTo(
                        "pool.d/a.conf:4: pm.max_children must be a number from 1 to 999999999,"
                                + " found 'x'");
    }

    @Test
    void filesThatIncludeEachOtherAreReadOnce() throws IOException {
        write("b.conf", "include = www.conf\n[b]\nlisten = 9001\n" + STATIC);
        Path file = write("www.conf", "include = *.conf\n[a]\nlisten = 9000\n" + STATIC);
        Files.createSymbolicLink(folder.resolve("c.conf"), file);
        assertThat(done(file).text()).containsOnlyOnce("\"id\": \"a\"").contains("\"id\": \"b\"");
    }

    @Test
    void veryManyPoolsAreRefused() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 2001; i++) {
            text.append("[p").append(i).append("]\nlisten = /run/p").append(i).append(".sock\n");
            text.append("listen.group = x\n").append(STATIC);
        }
        assertThat(refused(text.toString()))
                .isEqualTo("www.conf:10001: more than 2000 pools are too many");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    pm.max_spawn_rate = 64|a worker is started for each client that waits
                    pm.status_listen = /s|'?pool=ID' of fcgi_proc answers with this page
                    ping.path = /ping|
                    ping.response = pong|
                    request_slowlog_trace_depth = 9|
                    access.log = /var/log/$pool.log|
                    access.format = %R|
                    access.suppress_path[] = /ping|
                    decorate_workers_output = no|each worker has log files of its own
                    listen.acl_users = bob|the socket has an owner, a group and a mode
                    listen.acl_groups = adm|the socket has an owner, a group and a mode
                    listen.setfib = 1|Linux has no such routing tables
                    process.dumpable = yes|the kernel decides by the user
                    apparmor_hat = php|a profile of AppArmor can name the program
                    """)
    void aSettingWithoutAnEquivalentIsTold(String line, @Nullable String why) throws IOException {
        TestImport.Outcome outcome = done(WWW + STATIC + line + "\n");
        String key = line.substring(0, line.indexOf(' '));
        assertThat(outcome.notes())
                .hasSize(1)
                .first()
                .asString()
                .startsWith(
                        "www.conf:6: [www] " + key + ": no equivalent: " + (why == null ? "" : why))
                .doesNotContain("the setting is unknown");
    }
}
