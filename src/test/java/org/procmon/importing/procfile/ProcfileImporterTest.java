package org.procmon.importing.procfile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.config.ProcessSpec;
import org.procmon.config.RestartPolicy;
import org.procmon.importing.SourceFormat;
import org.procmon.importing.draft.ImporterFixture;
import org.procmon.importing.draft.TestImport;

class ProcfileImporterTest extends ImporterFixture {
    ProcfileImporterTest() {
        super(SourceFormat.PROCFILE, "Procfile");
    }

    @Test
    void eachLineIsAProcessWithAPort() throws IOException {
        TestImport.Outcome outcome =
                done(
                        """
                        # Rails
                        web: bundle exec puma -C config/puma.rb -p $PORT

                        worker:   bundle exec sidekiq --queue 'a b'
                        css: yarn build:css --watch
                        """);
        assertThat(outcome.text())
                .isEqualTo(
                        """
                        // Imported from FOLDER/Procfile (procfile).
                        {
                          "processes": [
                            {
                              "id": "web",
                              "exec": ["sh", "-c", "exec bundle exec puma -C config/puma.rb -p $PORT"],
                              "cwd": "FOLDER",
                              "restart": "always",
                              "stop": {"timeout": "5s"},
                              "env": {"PORT": "5000", "PS": "web.1"}
                            },
                            {
                              "id": "worker",
                              "exec": "bundle exec sidekiq --queue 'a b'",
                              "cwd": "FOLDER",
                              "restart": "always",
                              "stop": {"timeout": "5s"},
                              "env": {"PORT": "5100", "PS": "worker.1"}
                            },
                            {
                              "id": "css",
                              "exec": "yarn build:css --watch",
                              "cwd": "FOLDER",
                              "restart": "always",
                              "stop": {"timeout": "5s"},
                              "env": {"PORT": "5200", "PS": "css.1"}
                            }
                          ]
                        }
                        """
                                .replace("FOLDER", folder.toString()));
        assertThat(outcome.notes()).isEmpty();
        assertThat(outcome.process("web").restart()).isEqualTo(RestartPolicy.ALWAYS);
        assertThat(outcome.process("worker").exec().argv()).endsWith("--queue", "a b");
    }

    @Test
    void theVariablesOfDotEnvAreWrittenWithTheirValues() throws IOException {
        write(
                ".env",
                """
                # local
                PORT=3000
                export TOKEN="a \\"b\\"\\n$c"
                PLAIN=x=y # z
                LITERAL='a\\n' # why
                EMPTY=
                1ST=no
                nothing of the kind
                """);
        TestImport.Outcome outcome = done("a: x\nb: x");

        assertThat(outcome.text())
                .contains("// The variables of " + folder + "/.env are written here");
        assertThat(outcome.process("a").env())
                .containsEntry("PORT", "3000")
                .containsEntry("TOKEN", "a \"b\"\n$c")
                .containsEntry("PLAIN", "x=y # z")
                .containsEntry("LITERAL", "'a\\n' # why")
                .containsEntry("EMPTY", "")
                .containsEntry("PS", "a.1")
                .hasSize(6);
        assertThat(outcome.process("b").env()).containsEntry("PORT", "3100");
        assertThat(outcome.notes())
                .containsExactly(
                        ".env:3: TOKEN: taken, though foreman skips a line that begins with export",
                        ".env:5: LITERAL: the quote is not closed at the end, so it is part of"
                                + " the value",
                        ".env:8: skipped, since it is not KEY=VALUE",
                        ".env:7: 1ST: no equivalent: '1ST' is no name of a variable");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "node a.js > a.log 2>&1 | exec node a.js > a.log 2>&1",
                "cd app && npm start    | cd app && npm start",
                "A=1 node a.js          | A=1 node a.js",
                "{ a; }                 | { a; }",
                "a; b                   | a; b",
                "exec a                 | exec a",
                "sleep 5 &              | sleep 5 &",
            })
    void aShellGivesWayOnlyToASingleProgram(String command, String text) throws IOException {
        assertThat(done("a: " + command).process("a").exec().argv())
                .containsExactly("sh", "-c", text);
    }

    @Test
    void pipelinesStayWithTheirShell() throws IOException {
        assertThat(done("a: cat f | sort").process("a").exec().argv())
                .containsExactly("sh", "-c", "cat f | sort");
    }

    @Test
    void namesAreMadeUnique() throws IOException {
        TestImport.Outcome outcome = done("a: x\na: y\n_b: z");
        assertThat(outcome.processes())
                .extracting(ProcessSpec::id)
                .containsExactly("a", "a-2", "b");
        assertThat(outcome.notes())
                .containsExactly(
                        "Procfile:2: a: the name 'a' is taken already; it is now 'a-2'",
                        "Procfile:3: _b: '_b' is not valid as a name here; it is now 'b'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "web                 | X=1    | Procfile:1: there is nothing to run: no NAME:"
                        + " COMMAND",
                "# none              | X=1    | Procfile:1: there is nothing to run: no NAME:"
                        + " COMMAND",
                "web: a 'b           | X=1    | Procfile:1: a quote is never closed: '",
                "web: '' a           | X=1    | Procfile:1: the command names no program",
                "web: a              | PORT=x | .env:1: PORT must be a number from 0 to 65535,"
                        + " found 'x'",
            })
    void whatMakesNoSenseIsRefused(String procfile, String env, String problem) throws IOException {
        write(".env", env);
        assertThat(refused(procfile)).isEqualTo(problem);
    }

    @Test
    void readsAnUnclosedQuoteLiterally() throws IOException {
        write(".env", "X=\"1\nY='1'2\n");
        TestImport.Outcome outcome = done("web: a");
        assertThat(outcome.process("web").env())
                .containsEntry("X", "\"1")
                .containsEntry("Y", "'1'2");
        assertThat(outcome.notes())
                .containsExactly(
                        ".env:1: X: the quote is not closed at the end, so it is part of the value",
                        ".env:2: Y: the quote is not closed at the end, so it is part of the value");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "X=hello world|hello world",
                "X=hello  |hello  ",
                "X= hello|` hello`",
                "X=a # b|a # b",
                "X=\\n|\\n",
                "X='a \\n \"b\"'|a \\n \"b\"",
                "X=\"a \\\"b\\\" \\$c \\t\"|a \"b\" $c t",
                "X=\"a 'b'\"|a 'b'",
                "X='a' 'b'|a' 'b",
                "X='a' # b|'a' # b",
                "X=\"|\"",
                "X=''|``",
                "X=a=b|a=b",
                "X=1~X=2|2",
            })
    void valuesAreThoseThatForemanReads(String env, String value) throws IOException {
        write(".env", env.replace('~', '\n'));
        assertThat(done("web: a").process("web").env()).containsEntry("X", value);
    }

    @ParameterizedTest
    @ValueSource(strings = {" X=1", "X =1", "X-Y=1", "=1", "X"})
    void skipsAndReportsLinesThatAreNoVariables(String line) throws IOException {
        write(".env", line);
        TestImport.Outcome outcome = done("web: a");
        assertThat(outcome.process("web").env()).containsOnlyKeys("PORT", "PS");
        assertThat(outcome.notes()).containsExactly(".env:1: skipped, since it is not KEY=VALUE");
    }

    @Test
    void aPortMayHaveBlanksBehindIt() throws IOException {
        write(".env", "PORT=3000 ");
        assertThat(done("web: a").process("web").env()).containsEntry("PORT", "3000");
    }

    @Test
    void skipsAndReportsLinesThatForemanSkips() throws IOException {
        TestImport.Outcome outcome = done("web\nweb:\na b: c\nb: x");
        assertThat(outcome.processes()).extracting(ProcessSpec::id).containsExactly("b");
        assertThat(outcome.process("b").env()).containsEntry("PORT", "5000");
        assertThat(outcome.notes())
                .containsExactly(
                        "Procfile:1: skipped, since it is not NAME: COMMAND",
                        "Procfile:2: skipped, since it is not NAME: COMMAND",
                        "Procfile:3: skipped, since it is not NAME: COMMAND");
    }

    @Test
    void aFormationSaysHowManyThereAreOfEach() throws IOException {
        write(".foreman", "# options\nport: 3000\nformation: \"all=1,web=2,idle=0\"\ntimeout: 9\n");
        TestImport.Outcome outcome = done("web: a\nidle: b\ncss: c");
        assertThat(outcome.processes())
                .extracting(p -> p.id() + " " + p.env().get("PORT") + " " + p.env().get("PS"))
                .containsExactly(
                        "web.1 3000 web.1",
                        "web.2 3001 web.2",
                        "idle 3100 idle.1",
                        "css 3200 css.1");
        assertThat(outcome.process("idle").skip()).isTrue();
        assertThat(outcome.notes())
                .containsExactly(
                        ".foreman:4: timeout: no equivalent: 'stop' has the time that a process may"
                                + " take");
    }

    @Test
    void doesNotRestartOneTimeProcesses() throws IOException {
        TestImport.Outcome outcome = done("release: rake db:migrate\nweb: puma");
        assertThat(outcome.process("release").restart()).isEqualTo(RestartPolicy.NEVER);
        assertThat(outcome.notes())
                .containsExactly(
                        "Procfile:1: release: run once, as when an application is released; never"
                                + " restarted");
    }
}
