package org.procmon.importing.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.procmon.importing.SourceFormat;
import org.procmon.importing.draft.ImporterFixture;
import org.procmon.importing.draft.TestImport;

class SpawnPhpImporterTest extends ImporterFixture {
    /** What follows the variables in the script. */
    private static final String REST =
            """
            ################## no config below this line

            if test x$PHP_FCGI_CHILDREN = x; then
              PHP_FCGI_CHILDREN=5
            fi

            export PHP_FCGI_MAX_REQUESTS
            export FCGI_WEB_SERVER_ADDRS

            ALLOWED_ENV="$ALLOWED_ENV PHP_FCGI_MAX_REQUESTS FCGI_WEB_SERVER_ADDRS RAILS_ENV"

            if test x$UID = x0; then
              EX="$SPAWNFCGI -p $FCGIPORT -f $FCGIPROGRAM -u $USERID -g $GROUPID -C $PHP_FCGI_CHILDREN"
            else
              EX="$SPAWNFCGI -p $FCGIPORT -f $FCGIPROGRAM -C $PHP_FCGI_CHILDREN"
            fi

            # copy the allowed environment variables
            E=

            for i in $ALLOWED_ENV; do
              E="$E $i=${!i}"
            done

            # clean the environment and set up a new one
            env - $E $EX
            """;

    SpawnPhpImporterTest() {
        super(SourceFormat.SPAWN_PHP, "spawn-php.sh");
    }

    @Test
    void aScriptOfLighttpdIsAPool() throws IOException {
        TestImport.Outcome outcome =
                done(
                        """
                        #!/bin/bash
                        SPAWNFCGI="/usr/local/bin/spawn-fcgi"
                        FCGIPROGRAM="/usr/local/bin/php"
                        FCGIPORT="1026" # on localhost
                        PHP_FCGI_CHILDREN=10
                        PHP_FCGI_MAX_REQUESTS=1000
                        FCGI_WEB_SERVER_ADDRS="127.0.0.1,192.168.2.10"
                        ALLOWED_ENV="ORACLE_HOME PATH USER"
                        RAILS_ENV=production
                        export RAILS_ENV
                        USERID=wwwrun
                        GROUPID=www
                        """
                                + REST);

        assertThat(outcome.text())
                .isEqualTo(
                        """
                        // Imported from FOLDER/spawn-php.sh (spawn-php).
                        {
                          "pools": [
                            {
                              "id": "php",
                              "exec": "/usr/local/bin/php",
                              "listen": "0.0.0.0:1026",
                              "allowed_clients": ["127.0.0.1", "192.168.2.10"],
                              "backlog": 1024,
                              "mode": "static",
                              "workers": 10,
                              "user": "wwwrun",
                              "group": "www",
                              "env": {"PHP_FCGI_MAX_REQUESTS": "1000", "RAILS_ENV": "production"},
                              "env_keep": ["ORACLE_HOME", "USER"]
                            }
                          ]
                        }
                        """
                                .replace("FOLDER", folder.toString()));
        assertThat(outcome.notes())
                .containsExactly(
                        "spawn-php.sh:25: of 2 commands of spawn-fcgi, this one is imported",
                        "spawn-php.sh:25: -p: without -a, spawn-fcgi listens at all IPv4 addresses;"
                                + " 127.0.0.1 keeps strangers out",
                        "spawn-php.sh:25: -C: procmon starts as many workers itself, without"
                                + " PHP_FCGI_CHILDREN");
    }

    @Test
    void withoutAUserTheCommandOfOthersCounts() throws IOException {
        TestImport.Outcome outcome =
                done("SPAWNFCGI=spawn-fcgi\nFCGIPROGRAM=/bin/php\nFCGIPORT=1026\nUSERID=\n" + REST);
        assertThat(outcome.text())
                .contains("\"workers\": 5,", "\"env_keep\": [\"RAILS_ENV\"]")
                .doesNotContain("user");
    }

    @Test
    void theVariablesAloneAreEnough() throws IOException {
        TestImport.Outcome outcome =
                done(
                        """
                        FCGIPROGRAM='/usr/bin/php-cgi -c /etc'
                        FCGISOCKET=/run/$NAME/php.sock
                        FCGIPORT=1026
                        PHP_FCGI_CHILDREN=4
                        FCGI_WEB_SERVER_ADDRS=127.0.0.1
                        USERID=root GROUPID=daemon; SOCKUSERID=root
                        ALLOWED_ENV="PATH 9x"
                        OTHER=1
                        echo "starting"
                        """);
        assertThat(outcome.text().lines().skip(3).map(String::strip).toList())
                .startsWith(
                        "{",
                        "\"id\": \"php-cgi\",",
                        "\"exec\": \"/usr/bin/php-cgi -c /etc\",",
                        "\"listen\": \"/run//php.sock\",",
                        "\"listen_owner\": \"root\",",
                        "\"listen_group\": \"root\",",
                        "\"backlog\": 1024,",
                        "\"mode\": \"static\",",
                        "\"workers\": 4,",
                        "\"user\": \"root\",",
                        "\"group\": \"daemon\",",
                        "\"clear_env\": true,",
                        "\"env\": {\"FCGI_WEB_SERVER_ADDRS\": \"127.0.0.1\"}");
        assertThat(outcome.notes())
                .containsExactly(
                        "spawn-php.sh:9: skipped, since it is neither NAME=VALUE nor a command of"
                                + " spawn-fcgi",
                        "spawn-php.sh:3: FCGIPORT: ignored, since FCGISOCKET has a path",
                        "spawn-php.sh:7: ALLOWED_ENV: no equivalent: '9x' is no name of a variable"
                                + " to keep",
                        "spawn-php.sh:1: PHP_FCGI_CHILDREN: procmon starts as many workers itself,"
                                + " without PHP_FCGI_CHILDREN",
                        "spawn-php.sh:8: OTHER: no equivalent: nothing uses this variable");
    }

    @Test
    void eachCommandOfAScriptIsAPool() throws IOException {
        TestImport.Outcome outcome =
                done(
                        """
                        USER=root
                        export LANG=C
                        spawn-fcgi -s /run/a -U $USER -- /bin/a
                        MODE=x spawn-fcgi -s /run/b -U $USER -- /bin/b
                        """);
        assertThat(outcome.text())
                .contains(
                        "\"id\": \"a\"",
                        "\"env\": {\"LANG\": \"C\"}",
                        "\"id\": \"b\"",
                        "\"env\": {\"LANG\": \"C\", \"MODE\": \"x\"}");
        assertThat(outcome.notes()).isEmpty();
    }

    @Test
    void whatOnlyAShellCanDoIsTold() throws IOException {
        TestImport.Outcome outcome =
                done(
                        """
                        if [ -z "$A" ]; then A=1; fi
                        for i in 1 2; do spawn-fcgi -p 900$i -- x; done
                        for i in 3 4
                        do
                            spawn-fcgi -p 900$i -- x
                        done
                        if true
                        then B=2
                        fi
                        : ${C:=3}
                        spawn-fcgi -a ::1 -p 9000 -- /bin/x "$A$B$C"
                        """);
        assertThat(outcome.text()).contains("\"exec\": [\"/bin/x\", \"\"]");
        assertThat(outcome.notes())
                .isEqualTo(
                        Stream.of(1, 2, 5, 8, 10)
                                .map(line ->
                                        "spawn-php.sh:"
                                                + line
                                                + ": skipped, since it is neither NAME=VALUE nor a"
                                                + " command of spawn-fcgi")
                                .toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '%',
            value = {
                "FCGIPORT=1|spawn-php.sh:1: there is no FCGIPROGRAM, and no command of spawn-fcgi",
                "FCGIPROGRAM=x|spawn-php.sh:1: there is no address: -s PATH or -p PORT",
                "FCGIPROGRAM=x;FCGIPORT=x|spawn-php.sh:1: -p: cannot listen at '0.0.0.0:x': the"
                        + " port in 'listen' must be a number from 1 to 65535, found \"x\"",
                "FCGIPORT=1;FCGIPROGRAM=$(which php)|spawn-php.sh:2: '$(which php)' needs a shell,"
                        + " and none is run",
                "FCGIPROGRAM=\"x|spawn-php.sh:1: a quote is never closed: \"",
                "A=1;spawn-fcgi -s /x|spawn-php.sh:2: there is no application: '-- PROGRAM' names"
                        + " one",
                "spawn-fcgi -s /x -q -- y|spawn-php.sh:1: spawn-fcgi has no option '-q'",
            })
    void aBadScriptIsRefusedWithTheLine(String text, String message) throws IOException {
        assertThat(refused(text.replace(';', '\n'))).isEqualTo(message);
    }

    @Test
    void aScriptIsNoLongerThanScriptsAre() throws IOException {
        assertThat(refused("\nA=" + "x".repeat(8191)))
                .isEqualTo("spawn-php.sh:2: this line is too long for a script");
        assertThat(refused("\n".repeat(5000)))
                .isEqualTo("spawn-php.sh:5001: no script of this kind is so long");
    }

    @Test
    void aVariableThatGrowsWithoutEndIsRefused() throws IOException {
        StringBuilder text = new StringBuilder("A=0123456789\n");
        text.append("A=$A$A\n".repeat(40)).append("FCGIPROGRAM=$A\n");
        assertThat(refused(text.toString()))
                .isEqualTo("spawn-php.sh:18: this is longer than any command");
    }
}
