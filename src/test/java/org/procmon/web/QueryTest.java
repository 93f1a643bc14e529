package org.procmon.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.control.protocol.OutputQuery;
import org.procmon.control.protocol.StandardStream;
import org.procmon.web.Query.Change;
import org.procmon.web.Query.ListAll;
import org.procmon.web.Query.Output;
import org.procmon.web.Query.Status;
import org.procmon.web.Query.Verb;

class QueryTest {
    @ParameterizedTest
    @ValueSource(strings = {"list", "list=", "list=1", "list=yes", "&list", "list&", "%6cist"})
    void listNeedsNoValueAndTakesAny(String text) throws BadQuery {
        assertThat(Query.parse(text)).isEqualTo(new Query(List.of(new ListAll()), true));
    }

    @Test
    void statusTakesANameOrNone() throws BadQuery {
        Query all = new Query(List.of(new Status(Optional.empty())), true);
        assertThat(Query.parse("status")).isEqualTo(all);
        assertThat(Query.parse("status=")).isEqualTo(all);
        assertThat(Query.parse("status=web"))
                .isEqualTo(new Query(List.of(new Status(Optional.of("web"))), true));
    }

    @Test
    void commandsKeepTheirOrder() throws BadQuery {
        assertThat(Query.parse("stop=a&list&start=a&restart=b"))
                .isEqualTo(
                        new Query(
                                List.of(
                                        new Change(Verb.STOP, "a"),
                                        new ListAll(),
                                        new Change(Verb.START, "a"),
                                        new Change(Verb.RESTART, "b")),
                                true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"wait=0&stop=a", "stop=a&wait=0", "wait=0&stop=a&wait=1"})
    void waitMayStandAnywhere(String text) throws BadQuery {
        assertThat(Query.parse(text))
                .isEqualTo(new Query(List.of(new Change(Verb.STOP, "a")), false));
    }

    @ParameterizedTest
    @CsvSource({
        "output=a, STDOUT, 50",
        "output=a&lines=7, STDOUT, 7",
        "lines=007&output=a, STDOUT, 7",
        "stream=stderr&output=a&lines=0, STDERR, 0",
        "output=a&stream=stdout&lines=999999999, STDOUT, 999999999",
    })
    void outputTakesANameAndWhichPartAnywhere(String text, StandardStream stream, int lines)
            throws BadQuery {
        assertThat(Query.parse(text))
                .isEqualTo(
                        new Query(List.of(new Output("a", OutputQuery.last(stream, lines))), true));
    }

    @ParameterizedTest
    @CsvSource({
        "web-1, web-1",
        "web%2D1, web-1",
        "%77%65%62, web",
        "a.b_c@d:e-f, a.b_c@d:e-f",
        "a%40b%3ac, a@b:c",
        "0, 0"
    })
    void aNameIsDecoded(String encoded, String name) throws BadQuery {
        assertThat(Query.parse("start=" + encoded))
                .isEqualTo(new Query(List.of(new Change(Verb.START, name)), true));
    }

    @Test
    void aNameMayHave128CharactersAndNoMore() throws BadQuery {
        assertThat(Query.parse("start=" + "n".repeat(128)).commands()).hasSize(1);
        for (String key : List.of("start", "stop", "restart", "status", "explain", "output")) {
            for (int length : new int[] {129, 10_000}) {
                String query = "list&" + key + "=" + "n".repeat(length);
                assertThatThrownBy(() -> Query.parse(query))
                        .isInstanceOfSatisfying(
                                BadQuery.class,
                                e ->
                                        assertThat(e.reason())
                                                .contains("a name has at most 128 characters"));
            }
        }
    }

    @Test
    void thereAre16CommandsAtMost() throws BadQuery {
        String most = "list&".repeat(16) + "wait=1&".repeat(100);
        assertThat(Query.parse(most).commands()).hasSize(16);
        assertThatThrownBy(() -> Query.parse(most + "stop=a"))
                .isInstanceOfSatisfying(
                        BadQuery.class,
                        e ->
                                assertThat(e.reason())
                                        .contains(
                                                "it has more than 16 commands; use several queries"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "~~                              | it asks for nothing",
                "&                               | it asks for nothing",
                "wait=0                          | it asks for nothing",
                "wait=                           | 'wait' must be 0 or 1, not ''",
                "list&wait=2                     | 'wait' must be 0 or 1, not '2'",
                "lost                            | there is no query 'lost'",
                "LIST                            | there is no query 'LIST'",
                "start                           | 'start' needs the name of a process",
                "start=                          | 'start' needs the name of a process",
                "=start                          | there is no query ''",
                "restart=a&bogus                 | there is no query 'bogus'",
                "start=a=b                       | 'a=b' cannot be a name",
                "start=a/b                       | 'a/b' cannot be a name",
                "start=a+b                       | 'a+b' cannot be a name",
                "start=a%20b                     | 'a b' cannot be a name",
                "start=a b                       | 'a b' cannot be a name",
                "start=*                         | '*' cannot be a name",
                "start=.a                        | '.a' cannot be a name",
                "start=-a                        | '-a' cannot be a name",
                "start=%2e%2e                    | '..' cannot be a name",
                "start=%2e%2e%2fetc              | '../etc' cannot be a name",
                "start=a%00                      | 'a\\u0000' cannot be a name",
                "start=%C3%A4                    | '\u00e4' cannot be a name",
                "start=\u00e4                    | '\ufffd' cannot be a name",
                "start=a%0d%0aX-Evil:1           | 'a\\u000d\\u000aX-Evil:1' cannot be a name",
                "explain                         | 'explain' needs the name of a process",
                "explain=                        | 'explain' needs the name of a process",
                "explain=a/b                     | 'a/b' cannot be a name",
                "output                          | 'output' needs the name of a process",
                "output=                         | 'output' needs the name of a process",
                "output=a/b                      | 'a/b' cannot be a name",
                "output=a&lines=                 | 'lines' must be a number from 0 to 999999999, not ''",
                "output=a&lines=-1               | 'lines' must be a number from 0 to 999999999, not '-1'",
                "output=a&lines=+1               | 'lines' must be a number from 0 to 999999999, not '+1'",
                "output=a&lines=x                | 'lines' must be a number from 0 to 999999999, not 'x'",
                "output=a&lines=1000000000       | 'lines' must be a number from 0 to 999999999, not '1000000000'",
                "output=a&lines=1&lines=1        | 'lines' is given twice",
                "output=a&stream=stdin           | 'stream' must be stdout or stderr, not 'stdin'",
                "output=a&stream=                | 'stream' must be stdout or stderr, not ''",
                "output=a&stream=stderr&stream=x | 'stream' is given twice",
                "start=a&lines=5                 | 'lines' says which output is meant, but 'output' is missing",
                "status=a&stream=stderr          | 'stream' says which output is meant, but 'output' is missing",
                "events&list                     | 'events' does not end, so it must be the only command",
                "start=%                         | in '%' a % is not followed by two hexadecimal digits",
                "start=%4                        | in '%4' a % is not followed by two hexadecimal digits",
                "start=%4g                       | in '%4g' a % is not followed by two hexadecimal digits",
                "start=a%zz                      | in 'a%zz' a % is not followed by two hexadecimal digits",
                "start=%-1                       | in '%-1' a % is not followed by two hexadecimal digits",
                "list=%                          | in '%' a % is not followed by two hexadecimal digits",
                "%                               | in '%' a % is not followed by two hexadecimal digits",
                "status=a%                       | in 'a%' a % is not followed by two hexadecimal digits",
                "status=a/b                      | 'a/b' cannot be a name",
                "events=a/b                      | 'a/b' cannot be a name",
                "start=$(id)                     | '$(id)' cannot be a name",
                "start=a;b                       | 'a;b' cannot be a name"
            })
    void aBadQueryIsBadAsAWholeAndSaysWhy(String text, String why) {
        assertThatThrownBy(() -> Query.parse(text))
                .isInstanceOfSatisfying(
                        BadQuery.class,
                        e ->
                                assertThat(e.reason())
                                        .startsWith("cannot carry out the query: " + why)
                                        .endsWith(
                                                "; the queries are list, status[=NAME],"
                                                        + " explain=NAME,"
                                                        + " output=NAME[&lines=N][&stream=stdout|stderr],"
                                                        + " events[=NAME],"
                                                        + " pool=NAME[&full][&json],"
                                                        + " start=NAME, stop=NAME,"
                                                        + " restart=NAME, wait=0|1 beside start, stop"
                                                        + " or restart"));
    }

    @Test
    void messagesShortenInvalidInput() {
        assertThatThrownBy(() -> Query.parse("x".repeat(60_000)))
                .isInstanceOfSatisfying(
                        BadQuery.class,
                        e ->
                                assertThat(e.reason())
                                        .contains("'" + "x".repeat(60) + "...'")
                                        .hasSizeLessThan(400));
    }
}
