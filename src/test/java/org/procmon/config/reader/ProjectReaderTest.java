package org.procmon.config.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.procmon.config.Problem;
import org.procmon.config.reader.ProjectReader.Project;

class ProjectReaderTest {
    private static final Map<String, String> VARIABLES = Map.of("PORT", "81", "EMPTY", "");

    @TempDir Path folder = Path.of("");

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '%',
            value = {
                "a ${PORT} b ~ a 81 b",
                "${PORT:-8000} ~ 81",
                "${NONE:-8000} ~ 8000",
                "${NONE-8000} ~ 8000",
                "<${EMPTY:-x}> ~ <x>",
                "<${EMPTY-x}> ~ <>",
                "<${NONE:-}> ~ <>",
                "${NONE} $NONE $PORT ~ ${NONE} $NONE $PORT",
                "$${PORT} $$ ~ ${PORT} $",
                "${PORT:?must be} ~ 81",
                "${1} ${} $(x) ~ ${1} ${} $(x)",
            })
    void variablesAreReplaced(String text, String expanded) throws VariableText.Missing {
        assertThat(VariableText.expanded(text, VARIABLES)).isEqualTo(expanded);
    }

    @Test
    void aVariableThatMustBeSetIsMissed() {
        assertThatThrownBy(() -> VariableText.expanded("${NONE:?give a port}", VARIABLES))
                .hasMessage("the variable NONE is not set: give a port");
        assertThatThrownBy(() -> VariableText.expanded("${EMPTY:?}", VARIABLES))
                .hasMessage("the variable EMPTY is not set");
    }

    @Test
    void laterFilesGoOverEarlierOnes() throws IOException {
        Path base =
                write(
                        "base.json",
                        """
                        {"defaults": {"env": {"A": "1", "B": "2"}}, // a comment
                         "processes": [
                          {"id": "web", "exec": "serve ${PORT:-8000}", "success_exit": [0, 1]},
                          {"id": "db", "exec": ["db", "a\\"\\\\\\u0001\\u00e4"]}]}
                        """);
        Path production =
                write(
                        "production.json",
                        """
                        {"defaults": {"env": {"B": "3"}},
                         "processes": [
                          {"id": "extra", "exec": "extra"},
                          {"id": "web", "restart": "always", "success_exit": [2]}]}
                        """);
        assertThat(merged(base, production))
                .isEqualTo(
                        """
                        {
                          "defaults": {
                            "env": {
                              "A": "1",
                              "B": "3"
                            }
                          },
                          "processes": [
                            {
                              "id": "web",
                              "exec": "serve 81",
                              "success_exit": [2],
                              "restart": "always"
                            },
                            {
                              "id": "db",
                              "exec": ["db", "a\\"\\\\\\u0001\u00e4"]
                            },
                            {
                              "id": "extra",
                              "exec": "extra"
                            }]
                        }
                        """);
    }

    @Test
    void processesOfOtherProfilesAreLeftOut() throws IOException {
        Path file =
                write(
                        "p.json",
                        """
                        {"processes": [
                         {"id": "a", "exec": "a"},
                         {"id": "b", "exec": "b", "profiles": ["debug", "test"]},
                         {"id": "c", "exec": "c", "profiles": "other"}]}
                        """);
        assertThat(merged(file)).contains("\"a\"").doesNotContain("\"b\"", "\"c\"", "profiles");
        assertThat(
                        ((Project.Merged)
                                        ProjectReader.read(
                                                List.of(file), VARIABLES, Set.of("test")))
                                .json())
                .contains("\"b\"")
                .doesNotContain("\"c\"", "profiles");
    }

    @Test
    void problemsAreAtTheirPlaceInTheOriginalFiles() throws IOException {
        Path base = write("a.json", "{\"processes\": [{\"id\": \"a\", \"exec\": \"a\"}]}");
        Path over =
                write(
                        "b.json",
                        """
                        {"processes": [
                          {"id": "a", "restart": "sometimes", "profiles": 7},
                          {"id": "b", "wait": "${NONE:?say how long}"}]}
                        """);
        assertThat(ProjectReader.read(List.of(base, over), VARIABLES, Set.of()))
                .isEqualTo(
                        new Project.Invalid(
                                List.of(
                                        new Problem(
                                                over.toString(),
                                                2,
                                                51,
                                                "'profiles' must be a name or an array of names,"
                                                        + " found a number"),
                                        new Problem(
                                                over.toString(),
                                                3,
                                                23,
                                                "the variable NONE is not set: say how long"))));
        Path good = write("c.json", "{\"processes\": [{\"id\": \"b\", \"restart\": \"no\"}]}");
        assertThat(
                        ((Project.Invalid)
                                        ProjectReader.read(
                                                List.of(base, good), VARIABLES, Set.of()))
                                .problems())
                .allMatch(problem -> problem.file().equals(good.toString()))
                .extracting(Problem::message)
                .anyMatch(message -> message.startsWith("'restart' must be \"always\""))
                .anyMatch(message -> message.contains("exec"));
    }

    @Test
    void aFileThatSaysTheSameIsRunItself() throws IOException {
        Path plain = write("a.json", "{\"processes\": [{\"id\": \"a\", \"exec\": \"a $X\"}]}");
        Path other = write("b.json", "{\"processes\": [{\"id\": \"a\", \"exec\": \"a ${PORT}\"}]}");
        assertThat(isAsWritten(plain)).isTrue();
        assertThat(isAsWritten(other)).isFalse();
        assertThat(isAsWritten(plain, plain)).isFalse();
    }

    private static boolean isAsWritten(Path... files) {
        return ((Project.Merged) ProjectReader.read(List.of(files), VARIABLES, Set.of()))
                .isAsWritten();
    }

    private static String merged(Path... files) {
        return ((Project.Merged) ProjectReader.read(List.of(files), VARIABLES, Set.of())).json();
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
