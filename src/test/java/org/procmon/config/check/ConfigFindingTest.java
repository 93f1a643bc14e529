package org.procmon.config.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.config.SpecResult;
import org.procmon.config.reader.SpecReader;

class ConfigFindingTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '%',
            value = {
                "cd /tmp && ls ~ &&",
                "a || b ~ ||",
                "a | b ~ |",
                "a & ~ &",
                "a ; b ~ ;",
                "a; b ~ ;",
                "a > out ~ >",
                "a >>out ~ >>out",
                "a 2>&1 ~ 2>&1",
                "a 2>/dev/null ~ 2>/dev/null",
                "a < in ~ <",
                "serve --port $PORT ~ $PORT",
                "serve --port=${PORT:-80} ~ ${PORT:-80}",
                "serve \"$HOME/x y\" ~ $HOME",
                "kill $(cat pid) ~ $(",
                "echo `date` ~ `",
            })
    void whatOnlyAShellUnderstandsIsFound(String line, String found) {
        assertThat(ShellSyntax.found(line)).contains(found);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sh -c 'cd /tmp && ls > $HOME/x; echo `date`'",
                "curl http://x/?a=1&b=2",
                "awk '{print $NF}'",
                "grep -E a|b",
                "echo \\$HOME \\&\\& \\;",
                "sed s/a$/b/",
                "price 5$ $1 $",
                "x=1 'a && b' \"a > b\"",
                "plain --arg value",
            })
    void whatIsPlainOrQuotedIsNot(String line) {
        assertThat(ShellSyntax.found(line)).isEqualTo(Optional.empty());
    }

    @Test
    void theFindingShowsTheShellsForm() {
        assertThat(findings("'processes': [{'id': 'a', 'exec': 'cd /tmp && ls'}]"))
                .containsExactly(
                        "a[exec]: no shell reads 'exec', so '&&' is an argument like any other; for"
                                + " a shell: [\"sh\", \"-c\", \"cd /tmp && ls\"]");
        assertThat(findings("'processes': [{'id': 'a', 'exec': ['sh', '-c', 'a && b > $c']}]"))
                .isEmpty();
    }

    @Test
    void anAddressThatTwoHaveIsFound() {
        assertThat(
                        findings(
                                "'processes': [{'id': 'a', 'exec': 'a', 'ready': {'tcp': ':8080'},"
                                        + " 'health': {'http': 'http://localhost:8080/h'}},"
                                        + "{'id': 'b', 'exec': 'b', 'ready': {'http':"
                                        + " 'http://127.0.0.1:8080/'}},"
                                        + "{'id': 'c', 'exec': 'c', 'ready': {'tcp': ':8081'}},"
                                        + "{'id': 'd', 'exec': 'd', 'health': {'http':"
                                        + " 'http://example.org/'}},"
                                        + "{'id': 'e', 'exec': 'e', 'health': {'http':"
                                        + " 'http://example.org/'}}]"))
                .containsExactly(
                        "b[ready]: 'ready' of 'a' has the same address, 127.0.0.1:8080; only one"
                                + " of them can listen there");
        assertThat(
                        findings(
                                "'processes': [{'id': 'a', 'exec': 'a', 'ready': {'unix': '/s'}},"
                                        + "{'id': 'b', 'exec': 'b', 'ready': {'unix': '/s'}}],"
                                        + "'pools': [{'id': 'p', 'exec': 'p', 'listen': '/s'}]"))
                .extracting(text -> text.split(":", 2)[0])
                .containsExactly("a[ready]", "b[ready]");
    }

    @Test
    void aDependencyThatDoesNotStartIsFound() {
        assertThat(
                        findings(
                                "'processes': [{'id': 'a', 'exec': 'a', 'skip': true},"
                                        + "{'id': 'b', 'exec': 'b', 'depends': ['a', 'c']},"
                                        + "{'id': 'c', 'exec': 'c', 'schedule': {'start': '0 4 * * *'}},"
                                        + "{'id': 'd', 'exec': 'd', 'skip': true, 'depends': ['a']}]"))
                .containsExactly(
                        "b[depends]: 'a' has 'skip': it is not started, and this does not wait for"
                                + " it",
                        "b[depends]: 'c' starts by its schedule only, and this waits until then");
    }

    @Test
    void aUserOfTheFrontThatCannotReachTheMonitorIsFound() {
        String http =
                "'http': {'listen': '127.0.0.1:80', 'user': 'www-data', 'routes': [{'serve': 'control'}]}";
        assertThat(findings(http))
                .containsExactly(
                        "http[user]: the user 'www-data' may not read the state directory; set"
                                + " \"socket_group\" of \"control\" to one of its groups");
        assertThat(findings("'control': {'socket_group': 'www-data'}, " + http)).isEmpty();
    }

    @Test
    void passwordsInTheClearAreFound() {
        String http =
                "'http': {'listen': '%s', 'auth': {'users': 'u'}, %s 'routes': [{'serve':"
                        + " 'control'}]}";
        assertThat(findings(http.formatted("0.0.0.0:80", "")))
                .containsExactly(
                        "http[auth]: passwords travel in the clear: add 'tls', or listen on this"
                                + " machine only");
        assertThat(findings(http.formatted("0.0.0.0:80", "'instances': 2,"))).hasSize(1);
        assertThat(findings(http.formatted("0.0.0.0:80", "'tls': {'certificate': 'c'},")))
                .isEmpty();
        assertThat(findings(http.formatted("127.0.0.1:80", ""))).isEmpty();
    }

    private static List<String> findings(String keys) {
        byte[] text = ("{" + keys + "}").replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        SpecResult result = SpecReader.read(Path.of("/f"), text, Map.of());
        assertThat(result).isInstanceOf(SpecResult.Valid.class);
        return ConfigFinding.of(((SpecResult.Valid) result).spec()).stream()
                .map(one -> one.process() + one.keys() + ": " + one.text())
                .toList();
    }
}
