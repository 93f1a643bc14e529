package org.procmon.importing.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.procmon.importing.Importer;
import org.procmon.importing.SourceFormat;
import org.procmon.importing.draft.ImportResult;
import org.procmon.importing.draft.ImporterFixture;

class SpawnFcgiImporterTest extends ImporterFixture {
    private static final Map<String, String> ENVIRONMENT =
            Map.of("HOME", "/home/ada", "TWO", "a b", "SOCKET", "/run/of ada.sock");

    SpawnFcgiImporterTest() {
        super(SourceFormat.SPAWN_FCGI, "run");
    }

    private static ImportResult read(String... words) {
        return Importer.command(SourceFormat.SPAWN_FCGI, List.of(words), ENVIRONMENT);
    }

    private static ImportResult.Imported imported(String... words) {
        ImportResult result = read(words);
        assertThat(result).isInstanceOf(ImportResult.Imported.class);
        return (ImportResult.Imported) result;
    }

    private static String complaint(String command) {
        ImportResult result = read(command);
        assertThat(result).isInstanceOf(ImportResult.Refused.class);
        ImportResult.Refused refused = (ImportResult.Refused) result;
        return refused.file() + ":" + refused.line() + ": " + refused.reason();
    }

    /** The pool of a command, without the lines around it. */
    private static List<String> pool(String... words) {
        List<String> lines = imported(words).text().lines().map(String::strip).toList();
        return lines.subList(4, lines.size() - 3);
    }

    @Test
    void aCommandWithAllOptionsIsAPool() {
        String command =
                "spawn-fcgi -s '/run/my php.sock' -M 0600 -U daemon -G adm -u root -g daemon -F 2"
                        + " -C 3 -c /srv/root -S -d /www -b 256 -P /run/php.pid -n --"
                        + " /usr/bin/php-cgi -d \"x=a b\"";
        ImportResult.Imported imported = imported(command);

        assertThat(imported.text())
                .isEqualTo(
                        """
                        // Imported from the command: COMMAND
                        {
                          "pools": [
                            {
                              "id": "php-cgi",
                              "exec": ["/usr/bin/php-cgi", "-d", "x=a b"],
                              "listen": "unix://600@/run/my php.sock",
                              "listen_owner": "daemon",
                              "listen_group": "adm",
                              "backlog": 256,
                              "mode": "static",
                              "workers": 6,
                              "user": "root",
                              "group": "daemon",
                              "cwd": "/www",
                              "chroot": "/srv/root"
                            }
                          ]
                        }
                        """
                                .replace("COMMAND", command));
        assertThat(imported.notes())
                .containsExactly(
                        "spawn-fcgi:1: -C: procmon starts as many workers itself, without"
                                + " PHP_FCGI_CHILDREN",
                        "spawn-fcgi:1: -P: no equivalent: 'procmon list' shows the pids");
    }

    @Test
    void wordsOfTheShellAreTakenAsTheyAre() {
        assertThat(pool("-a", "::1", "-p9000", "-F3", "-f", "php-cgi -b x; y"))
                .containsExactly(
                        "\"id\": \"php-cgi\",",
                        "\"exec\": [\"sh\", \"-c\", \"php-cgi -b x; y\"],",
                        "\"listen\": \"[::1]:9000\",",
                        "\"backlog\": 1024,",
                        "\"mode\": \"static\",",
                        "\"workers\": 3");
    }

    @Test
    void whatStandsBeforeTheCommandIsItsEnvironment() {
        ImportResult.Imported imported =
                imported(
                        "PHP_FCGI_CHILDREN=2 PHP_FCGI_MAX_REQUESTS=1000 exec env -i A=\"b c\""
                                + " FCGI_WEB_SERVER_ADDRS=127.0.0.1,10.0.0.1 /usr/bin/spawn-fcgi -n"
                                + " -p 9000 -- ./app $TWO \"$TWO\" '$TWO' \\$x # and more");
        assertThat(imported.text().lines().skip(3).map(String::strip).toList())
                .startsWith(
                        "{",
                        "\"id\": \"app\",",
                        "\"exec\": [\"./app\", \"a\", \"b\", \"a b\", \"$TWO\", \"$x\"],",
                        "\"listen\": \"0.0.0.0:9000\",",
                        "\"allowed_clients\": [\"127.0.0.1\", \"10.0.0.1\"],",
                        "\"backlog\": 1024,",
                        "\"mode\": \"static\",",
                        "\"workers\": 2,",
                        "\"cwd\": \"" + Path.of("").toAbsolutePath() + "\",",
                        "\"clear_env\": true,",
                        "\"env\": {\"PHP_FCGI_MAX_REQUESTS\": \"1000\", \"A\": \"b c\"}");
        assertThat(imported.notes())
                .containsExactly(
                        "spawn-fcgi:1: $TWO: the value that it has now is written",
                        "spawn-fcgi:1: -p: without -a, spawn-fcgi listens at all IPv4 addresses;"
                                + " 127.0.0.1 keeps strangers out",
                        "spawn-fcgi:1: PHP_FCGI_CHILDREN: procmon starts as many workers itself,"
                                + " without PHP_FCGI_CHILDREN");
    }

    @Test
    void theSocketBelongsToTheUserUnlessItIsToldOtherwise() {
        assertThat(pool("-s", "/x", "-u", "root", "-g", "daemon", "app"))
                .contains("\"listen_owner\": \"root\",", "\"listen_group\": \"daemon\",");
        assertThat(pool("-s", "/x", "-u", "root", "app"))
                .contains("\"listen_owner\": \"root\",", "\"listen_group\": \"root\",");
        assertThat(pool("-s", "/x", "-u", "nobody", "-U", "root", "-g", "daemon", "app"))
                .contains("\"listen_owner\": \"root\",", "\"listen_group\": \"root\",");
        assertThat(imported("-s", "/x", "app").notes())
                .containsExactly(
                        "spawn-fcgi:1: -s: without -U and -G, spawn-fcgi gives the socket to its"
                                + " own user; here the group of the web server may connect, if"
                                + " there is one");
        assertThat(imported("-s", "/x", "-U", "nosuchuser", "app").notes())
                .containsExactly(
                        "spawn-fcgi:1: -U: there is no such user here, so the socket does not get"
                                + " the user's group");
    }

    @Test
    void withoutSTheSocketIsInsideOfTheNewRoot() {
        assertThat(pool("-c", "/srv", "-s", "run/x", "-d", "www", "-U", "root", "--", "app"))
                .contains(
                        "\"listen\": \"/srv/run/x\",",
                        "\"cwd\": \"/www\",",
                        "\"chroot\": \"/srv\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '%',
            value = {
                "spawn-fcgi -s /x|there is no application: '-- PROGRAM' names one",
                "spawn-fcgi -- app|there is no address: -s PATH or -p PORT",
                "spawn-fcgi -s /x -p 1 -- app|spawn-fcgi takes either -s or -p",
                "spawn-fcgi -p http -- app|-p: cannot listen at '0.0.0.0:http': the port in"
                        + " 'listen' must be a number from 1 to 65535, found \"http\"",
                "spawn-fcgi -a web -p 9 -- app|-a must be IP addresses such as 127.0.0.1, found"
                        + " 'web'",
                "spawn-fcgi -s /x -M 66o -- app|-M must be octal digits such as 0660, found '66o'",
                "spawn-fcgi -s /x -M 77 -- app|-s: cannot listen at '/x': the mode in 'listen' must"
                        + " let the owner read and write",
                "spawn-fcgi -s /x -F 0 -- app|-F must be a number from 1 to 1000, found '0'",
                "spawn-fcgi -s /x -F 100 -C 11 -- app|a pool has at most 1000 workers",
                "spawn-fcgi -s /x -b -- app|-b must be a number from 1 to 999999999, found '--'",
                "spawn-fcgi -s /x -u 'a b' -- app|-u must be the name of an account, found 'a b'",
                "spawn-fcgi -s /x -u|the option -u has no value",
                "spawn-fcgi -x -s /x -- app|spawn-fcgi has no option '-x'",
                "spawn-fcgi -h|with -h spawn-fcgi starts nothing",
                "spawn-fcgi -s '/x -- app|a quote is never closed: '",
                "spawn-fcgi -s \"/x -- app|a quote is never closed: \"",
                "spawn-fcgi -s /x -- app > /dev/null|'>' outside of quotes needs a shell, and none"
                        + " is run",
                "spawn-fcgi -s $(echo /x) -- app|'$(echo /x) -- app' needs a shell, and none is run",
                "spawn-fcgi -s \"`x`\" -- app|a command in ` needs a shell, and none is run",
                "spawn-fcgi -s $NOT -- app|the variable 'NOT' is not set here",
                "spawn-fcgi -s /x -- app \\|a backslash at the end escapes nothing",
                "A=1 php-cgi -s /x|this is no command of spawn-fcgi: 'php-cgi'",
            })
    void aBadCommandIsRefusedWithTheReason(String command, String reason) {
        assertThat(complaint(command)).isEqualTo("spawn-fcgi:1: " + reason);
    }

    @Test
    void controlCharactersAreNoText() {
        assertThat(complaint("spawn-fcgi -s /x -- app \u0001A\u0002"))
                .isEqualTo(
                        "spawn-fcgi:1: this is not text: it has a control character of the number"
                                + " 1");
    }

    @Test
    void aPathWithBlanksIsOneWordInQuotes() {
        assertThat(pool("spawn-fcgi -s \"$SOCKET\" -U root -G adm app"))
                .contains("\"listen\": \"/run/of ada.sock\",");
    }

    @Test
    void aScriptIsReadInsteadIfItIsNamed() throws IOException {
        Path run =
                write(
                        "run",
                        """
                        #!/bin/sh
                        exec 2>&1
                        PHP_FCGI_CHILDREN=2 \\
                        PHP_FCGI_MAX_REQUESTS=1000 \\
                        exec /usr/bin/spawn-fcgi -n -s /run/php.sock -n -u root -U root -- php-cgi
                        """);
        ImportResult.Imported imported = imported(run.toString());
        assertThat(imported.text())
                .contains("\"workers\": 2", "\"PHP_FCGI_MAX_REQUESTS\": \"1000\"")
                .doesNotContain("clear_env");
        assertThat(imported.notes())
                .containsExactly(
                        run
                                + ":3: PHP_FCGI_CHILDREN: procmon starts as many workers itself,"
                                + " without PHP_FCGI_CHILDREN");
    }
}
