package org.procmon.importing.lighttpd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.procmon.importing.SourceFormat;
import org.procmon.importing.draft.ImporterFixture;
import org.procmon.importing.draft.TestImport;

class LighttpdImporterTest extends ImporterFixture {
    LighttpdImporterTest() {
        super(SourceFormat.LIGHTTPD, "lighttpd.conf");
    }

    /** A file with one host. */
    private static String host(String options) {
        return "fastcgi.server = ( \".x\" => ((\n" + options + "\n)))\n";
    }

    @Test
    void theUsualPhpIsAStaticPool() throws IOException {
        TestImport.Outcome outcome =
                done(
                        """
                        # -*- depends: fastcgi -*-
                        server.modules += ( "mod_fastcgi" )
                        server.username = "www-data"
                        server.groupname = "www-data"
                        ## Start an FastCGI server for php
                        fastcgi.server += ( ".php" =>
                            ((
                                "bin-path" => "/usr/bin/php-cgi",
                                "socket" => "/run/lighttpd/php.socket",
                                "max-procs" => 1,
                                "bin-environment" => (
                                    "PHP_FCGI_CHILDREN" => "4",
                                    "PHP_FCGI_MAX_REQUESTS" => "10000"
                                ),
                                "bin-copy-environment" => (
                                    "PATH", "SHELL", "USER"
                                ),
                                "broken-scriptfilename" => "enable"
                            ))
                        )
                        """);

        assertThat(outcome.text())
                .isEqualTo(
                        """
                        // Imported from FOLDER/lighttpd.conf (lighttpd).
                        // Put this in the place of fastcgi.server in FOLDER/lighttpd.conf:6:
                        // fastcgi.server += (
                        //   ".php" => (
                        //     ( "socket" => "/run/lighttpd/php.socket-0", "broken-scriptfilename" => "enable" ),
                        //   ),
                        // )
                        {
                          "pools": [
                            {
                              "id": "php-cgi",
                              "exec": "/usr/bin/php-cgi",
                              "listen": "/run/lighttpd/php.socket-0",
                              "listen_owner": "www-data",
                              "listen_group": "www-data",
                              "backlog": 1024,
                              "mode": "static",
                              "workers": 4,
                              "user": "www-data",
                              "group": "www-data",
                              "env": {"PHP_FCGI_MAX_REQUESTS": "10000"},
                              "env_keep": ["PATH", "SHELL", "USER"]
                            }
                          ]
                        }
                        """
                                .replace("FOLDER", folder.toString()));
        assertThat(outcome.notes())
                .containsExactly(
                        "lighttpd.conf:12: [.php] PHP_FCGI_CHILDREN: procmon starts as many workers"
                                + " itself, without PHP_FCGI_CHILDREN");
    }

    @Test
    void everyProcessHasItsSocketAsLighttpdNamesIt() throws IOException {
        TestImport.Outcome outcome =
                done(
                        """
                        var.dir = "/run/"
                        var.n = 1 + 2
                        php = ( "bin-path" => "/bin/php-cgi -d x=1", "socket" => dir + "p" + n )
                        fastcgi.map-extensions = ( ".php4" => ".php" )
                        fastcgi.server = (
                            ".php" => ( "all" => php ),
                            "/app" => ( (
                                "bin-path" => "/bin/app", "host" => "::1", "port" => 9000,
                                "max-procs" => n, "kill-signal" => 10, "listen-backlog" => 16,
                                "check-local" => "disable", "idle-timeout" => 5 ),
                              ( "host" => "10.0.0.1", "port" => 9000 ),
                              ( "bin-path" => "/bin/one", "port" => 9100, "max-procs" => 1 ) ),
                        )
                        """);

        assertThat(outcome.text().lines().skip(1).toList())
                .containsExactlyElementsOf(
                        """
                        // Put this in the place of fastcgi.server in FOLDER/lighttpd.conf:5:
                        // fastcgi.server = (
                        //   ".php" => (
                        //     ( "socket" => "/run/p3-0" ),
                        //     ( "socket" => "/run/p3-1" ),
                        //     ( "socket" => "/run/p3-2" ),
                        //     ( "socket" => "/run/p3-3" ),
                        //   ),
                        //   "/app" => (
                        //     ( "host" => "::1", "port" => 9000, "check-local" => "disable" ),
                        //     ( "host" => "::1", "port" => 9001, "check-local" => "disable" ),
                        //     ( "host" => "::1", "port" => 9002, "check-local" => "disable" ),
                        //     ( "host" => "10.0.0.1", "port" => 9000 ),
                        //     ( "host" => "127.0.0.1", "port" => 9100 ),
                        //   ),
                        // )
                        {
                          "pools": [
                            {
                              "id": "php-cgi",
                              "exec": "/bin/php-cgi -d x=1",
                              "listen": "/run/p3-$(worker0)",
                              "backlog": 1024,
                              "socket": "per-worker",
                              "mode": "static",
                              "workers": 4
                            },
                            {
                              "id": "app",
                              "exec": "/bin/app",
                              "listen": "[::1]:$(9000+worker0)",
                              "backlog": 16,
                              "socket": "per-worker",
                              "mode": "static",
                              "workers": 3,
                              "stop": {"signal": "USR1", "timeout": "30s"}
                            },
                            {
                              "id": "one",
                              "exec": "/bin/one",
                              "listen": "127.0.0.1:9100",
                              "backlog": 1024,
                              "mode": "static",
                              "workers": 1
                            }
                          ]
                        }
                        """
                                .replace("FOLDER", folder.toString())
                                .lines()
                                .toList());
        assertThat(outcome.notes())
                .containsExactly(
                        "lighttpd.conf:10: [/app] idle-timeout: no equivalent: all workers run at"
                                + " all times");
    }

    @Test
    void processesOfPhpWithChildrenAreAPoolEach() throws IOException {
        String text =
                done(host(
                                "\"bin-path\" => \"/bin/php\", \"socket\" => \"/x\", \"max-procs\""
                                        + " => 2, \"bin-environment\" => (\"PHP_FCGI_CHILDREN\" =>"
                                        + " 3)"))
                        .text();
        assertThat(text)
                .contains(
                        "\"id\": \"php-0\"",
                        "\"listen\": \"/x-0\"",
                        "\"id\": \"php-1\"",
                        "\"listen\": \"/x-1\"",
                        "\"workers\": 3\n",
                        "( \"socket\" => \"/x-0\" )",
                        "( \"socket\" => \"/x-1\" )");
    }

    @Test
    void processesThatComeAndGoShareTheFirstSocket() throws IOException {
        String options =
                "\"bin-path\" => \"/bin/app\", \"socket\" => \"/x\", \"max-procs\" => 5,"
                        + " \"min-procs\" => MIN, \"idle-timeout\" => 20, \"max-load-per-proc\" =>"
                        + " 4";
        TestImport.Outcome outcome = done(host(options.replace("MIN", "2")));
        assertThat(outcome.text())
                .contains(
                        "\"listen\": \"/x-0\"",
                        "\"mode\": \"dynamic\"",
                        "\"workers\": {\"min\": 2, \"max\": 5}",
                        "\"idle_timeout\": \"20s\"")
                .doesNotContain("/x-1", "per-worker");
        assertThat(outcome.notes())
                .containsExactly(
                        "lighttpd.conf:2: [.x] min-procs: no equivalent: the processes do not have"
                                + " sockets of their own; all of them share the first one",
                        "lighttpd.conf:2: [.x] max-load-per-proc: no equivalent: a worker is"
                                + " started for each client that waits");
        assertThat(done(host(options.replace("MIN", "0"))).text())
                .contains("\"mode\": \"ondemand\"", "\"workers\": {\"max\": 5}");
        assertThat(done("server.max-worker = 2\n" + host(options.replace("MIN", "0"))).text())
                .contains("\"socket\": \"per-worker\"", "\"workers\": 5");
    }

    @Test
    void blocksAndIncludedFilesAreFollowed() throws IOException {
        write(
                "conf.d/a.conf",
                "fastcgi.server += ( \".a\" => (( \"bin-path\" => \"/bin/a\", \"socket\" => base +"
                        + " \"/a\" )))\n");
        write("b.conf", "var.base = \"/srv\"\n");
        TestImport.Outcome outcome =
                done(
                        """
                        global { server.tag = "x" }
                        include_shell "/usr/share/lighttpd/use-ipv6.pl " + server.port
                        include "b.conf"
                        include "conf.d/*.conf"
                        include "none/*.conf"
                        scgi.server = ( "/s" => (( "bin-path" => "/bin/s", "port" => 1 )) )
                        $SERVER["socket"] == "[::]:443" {
                            ssl.engine = "enable"
                            var.base = "/other"
                            $HTTP["url"] =~ "^/b(/|$)" {
                                fastcgi.server = ( "/b" => (( "bin-path" => "/bin/b",
                                    "socket" => base + "/b", "max_procs" => 1 )))
                            }
                        }
                        else $HTTP["host"] != "c" {
                        } else {
                            fastcgi.server = ( "/c" => (( "bin-path" => env.HOME + "/c",
                                "socket" => base + "/c" )))
                        }
                        """);
        assertThat(outcome.text())
                .contains(
                        "\"listen\": \"/srv/a-$(worker0)\"",
                        "\"listen\": \"/other/b-$(worker0)\"",
                        "\"exec\": \"/home/ada/c\"",
                        "\"listen\": \"/srv/c-$(worker0)\"",
                        "fastcgi.server in " + folder + "/conf.d/a.conf:1:",
                        "( \"socket\" => \"/other/b-0\", \"max_procs\" => 1 )");
        assertThat(outcome.notes())
                .containsExactly(
                        "lighttpd.conf:2: include_shell: no equivalent: no command is run; include"
                                + " a file with what it prints",
                        "lighttpd.conf:5: include: no file is named none/*.conf",
                        "lighttpd.conf:6: scgi.server: no equivalent: a pool speaks FastCGI; it"
                                + " stays as it is",
                        "lighttpd.conf:12: [/b] max_procs: no equivalent: the option is unknown; it"
                                + " stays in the file of lighttpd");
    }

    @Test
    void theSameApplicationForTwoExtensionsIsStartedOnce() throws IOException {
        String php = "(( \"bin-path\" => \"/bin/php\", \"socket\" => \"/x\" ))";
        TestImport.Outcome outcome =
                done("fastcgi.server = ( \".php\" => " + php + ", \".php5\" => " + php + " )\n");
        assertThat(outcome.text()).containsOnlyOnce("\"id\"").contains("\".php5\" => (");
        assertThat(outcome.notes())
                .containsExactly(
                        "lighttpd.conf:1: [.php5] bin-path: the same application at the same"
                                + " address as above; it is started once");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '%',
            value = {
                "x = 1|1: there is no fastcgi.server with bin-path",
                "fastcgi.server = ( \".x\" => (( \"host\" => \"::1\" )))|1: there is no"
                        + " fastcgi.server with bin-path",
                "x = \"a|1: a string is never closed",
                "x = 'a'|1: this is no text of lighttpd: '\\u0027a\\u0027'",
                "x|1: expected '=' after 'x', found the end of the line",
                "x = (|2: expected a value, found the end of the file",
                "x = ( 1 2 )|1: expected ',', found '2'",
                "x = ( 1 => 2 )|1: a string must stand before =>",
                "x = 9999999999|1: this number is too large: '9999999999'",
                "x = ( 1 ) + 2|1: an array cannot be added to a string or a number",
                "x { }|1: expected '=' after 'x', found '{'",
                "}|1: expected a setting, found '}'",
                "$HTTP[\"x\"] == \"y\"|2: expected a condition and '{', found the end of the file",
                "$HTTP[\"x\"] == \"y\" {|2: expected a setting or '}', found the end of the file",
                "include 5|1: include must name a file",
                "include x|1: the variable 'x' is not set",
                "fastcgi.server = 5|1: fastcgi.server must be an array",
                "fastcgi.server = x|1: the variable 'x' is not set",
                "HOST\"bin-path\" => \"/b\", \"socket\" => x + \"/y\"|2: the variable 'x' is not"
                        + " set",
                "HOST\"bin-path\" => \"/b\", \"socket\" => \"x\"|2: socket: cannot listen at 'x': it"
                        + " is no path from the root on",
                "HOST\"bin-path\" => \" \", \"socket\" => \"/x\"|1: bin-path names no program",
                "HOST\"bin-path\" => \"/b\", \"port\" => 70000|2: port: cannot listen at"
                        + " '127.0.0.1:70000': the port in 'listen' must be a number from 1 to"
                        + " 65535, found \"70000\"",
                "HOST\"bin-path\" => \"/b\", \"port\" => 65534|1: this cannot be a pool here: worker"
                        + " 4 of 'b' would have the port 65537; the highest is 65535",
                "HOST\"bin-path\" => \"/b\", \"port\" => 9, \"socket\" => \"/x\"|1: lighttpd takes"
                        + " either 'socket' or 'host' and 'port'",
                "HOST\"bin-path\" => \"/b\", \"socket\" => \"/x\", \"max-procs\" => 0|2: max-procs"
                        + " must be a number from 1 to 1000, found '0'",
                "HOST\"bin-path\" => \"/b\", \"socket\" => \"/x\", \"kill-signal\" => 99|2:"
                        + " kill-signal must be the name of a signal such as TERM, found '99'",
                "HOST\"bin-path\" => \"/b\", \"socket\" => \"/x\", \"bin-environment\" => 5|2:"
                        + " bin-environment must be an array",
                "HOST\"bin-path\" => \"/b\", \"socket\" => \"/x\", \"bin-copy-environment\" => (\"A"
                        + " B\")|2: bin-copy-environment must be names of variables, found 'A B'",
                "HOST\"bin-path\"|2: an option of a host is written \"NAME\" => VALUE",
                "fastcgi.server = ( \".x\" => ( 5 ) )|1: fastcgi.server of '.x' must be ("
                        + " \"EXTENSION\" => (( \"OPTION\" => VALUE, ... )) )",
            })
    void aBadFileIsRefusedWithTheLine(String text, String message) throws IOException {
        String whole =
                text.startsWith("HOST") ? host(text.substring("HOST".length())) : text + "\n";
        assertThat(refused(whole)).isEqualTo("lighttpd.conf:" + message.replace("\\u0027", "'"));
    }

    @Test
    void aFileThatIncludesItselfIsRefused() throws IOException {
        Path file = write("lighttpd.conf", "\ninclude \"lighttpd.conf\"\n");
        assertThat(refused(file)).isEqualTo("lighttpd.conf:2: this is nested too deeply");
    }

    @Test
    void whatGrowsWithoutEndIsRefused() throws IOException {
        assertThat(refused("x = \"0123456789\"\n" + "x = x + x\n".repeat(40)))
                .isEqualTo("lighttpd.conf:14: this string is too long");
        assertThat(refused("x = ( 1, 2 )\n" + "x += x\n".repeat(40)))
                .isEqualTo("lighttpd.conf:14: this array is too large");
        assertThat(refused("x = " + "(".repeat(100_000)))
                .isEqualTo("lighttpd.conf:1: this is nested too deeply");
    }
}
