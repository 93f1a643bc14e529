package org.procmon.importing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.procmon.spec.ProcessSpec;
import org.procmon.spec.RestartPolicy;

class ProcfileImporterTest {
    @TempDir Path folder = Path.of("");
    private Stand stand = new Stand(folder);

    @BeforeEach
    void setUp() {
        stand = new Stand(folder);
    }

    @Test
    void eachLineIsAProcessWithAPort() throws IOException {
        Stand.Outcome outcome =
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
                              "env": {"PORT": "5000"}
                            },
                            {
                              "id": "worker",
                              "exec": "bundle exec sidekiq --queue 'a b'",
                              "cwd": "FOLDER",
                              "restart": "always",
                              "env": {"PORT": "5100"}
                            },
                            {
                              "id": "css",
                              "exec": "yarn build:css --watch",
                              "cwd": "FOLDER",
                              "restart": "always",
                              "env": {"PORT": "5200"}
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
        stand.write(
                ".env",
                """
                # local
                PORT=3000
                export TOKEN="a \\"b\\"\\n$c"
                PLAIN=x=y # z
                LITERAL='a\\n' # why
                EMPTY=
                1ST=no
                """);
        Stand.Outcome outcome = done("a: x\nb: x");

        assertThat(outcome.text())
                .contains("// The variables of " + folder + "/.env are written here");
        assertThat(outcome.process("a").env())
                .containsEntry("PORT", "3000")
                .containsEntry("TOKEN", "a \"b\"\n$c")
                .containsEntry("PLAIN", "x=y # z")
                .containsEntry("LITERAL", "a\\n")
                .containsEntry("EMPTY", "")
                .hasSize(5);
        assertThat(outcome.process("b").env()).containsEntry("PORT", "3100");
        assertThat(outcome.notes())
                .containsExactly(".env:7: 1ST: no equivalent: '1ST' is no name of a variable");
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
        Stand.Outcome outcome = done("a: x\na: y\n_b: z");
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
                "web                 | X=1    | Procfile:1: this is not NAME: COMMAND",
                "web:                | X=1    | Procfile:1: this is not NAME: COMMAND",
                "a b: c              | X=1    | Procfile:1: this is not NAME: COMMAND",
                "# none              | X=1    | Procfile:1: there is nothing to run: no NAME:"
                        + " COMMAND",
                "web: a 'b           | X=1    | Procfile:1: a quote is never closed: '",
                "web: '' a           | X=1    | Procfile:1: the command names no program",
                "web: a              | X      | .env:1: this is not KEY=VALUE",
                "web: a              | X=\"1  | .env:1: a quote is never closed: \"",
                "web: a              | X='1'2 | .env:1: something follows the closing quote",
                "web: a              | PORT=x | .env:1: PORT must be a number from 0 to 65535,"
                        + " found 'x'",
            })
    void whatMakesNoSenseIsRefused(String procfile, String env, String problem) throws IOException {
        stand.write(".env", env);
        Path file = stand.write("Procfile", procfile);
        assertThat(stand.refused(SourceFormat.PROCFILE, file)).isEqualTo(problem);
    }

    private Stand.Outcome done(String text) throws IOException {
        return stand.done(SourceFormat.PROCFILE, stand.write("Procfile", text));
    }
}
