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
    void listNeedsNoValueAndTakesAny(String text) throws Query.TooLarge {
        assertThat(Query.parse(text)).contains(new Query(List.of(new ListAll()), true));
    }

    @Test
    void statusTakesANameOrNone() throws Query.TooLarge {
        Query all = new Query(List.of(new Status(Optional.empty())), true);
        assertThat(Query.parse("status")).contains(all);
        assertThat(Query.parse("status=")).contains(all);
        assertThat(Query.parse("status=web"))
                .contains(new Query(List.of(new Status(Optional.of("web"))), true));
    }

    @Test
    void commandsKeepTheirOrder() throws Query.TooLarge {
        assertThat(Query.parse("stop=a&list&start=a&restart=b"))
                .contains(
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
    void waitMayStandAnywhere(String text) throws Query.TooLarge {
        assertThat(Query.parse(text))
                .contains(new Query(List.of(new Change(Verb.STOP, "a")), false));
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
            throws Query.TooLarge {
        assertThat(Query.parse(text))
                .contains(
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
    void aNameIsDecoded(String encoded, String name) throws Query.TooLarge {
        assertThat(Query.parse("start=" + encoded))
                .contains(new Query(List.of(new Change(Verb.START, name)), true));
    }

    @Test
    void aNameMayHave128CharactersAndNoMore() throws Query.TooLarge {
        assertThat(Query.parse("start=" + "n".repeat(128))).isPresent();
        for (String key : List.of("start", "stop", "restart", "status", "explain", "output")) {
            for (int length : new int[] {129, 10_000}) {
                String query = "list&" + key + "=" + "n".repeat(length);
                assertThatThrownBy(() -> Query.parse(query))
                        .isInstanceOfSatisfying(
                                Query.TooLarge.class,
                                e -> assertThat(e.reason()).contains("128 characters"));
            }
        }
    }

    @Test
    void thereAre16CommandsAtMost() throws Query.TooLarge {
        String most = "list&".repeat(16) + "wait=1&".repeat(100);
        assertThat(Query.parse(most).orElseThrow().commands()).hasSize(16);
        assertThatThrownBy(() -> Query.parse(most + "stop=a"))
                .isInstanceOfSatisfying(
                        Query.TooLarge.class,
                        e -> assertThat(e.reason()).contains("more than 16 commands"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "&",
                "wait=0",
                "wait=",
                "list&wait=2",
                "lost",
                "LIST",
                "start",
                "start=",
                "=start",
                "restart=a&bogus",
                "start=a=b",
                "start=a/b",
                "start=a+b",
                "start=a%20b",
                "start=a b",
                "start=*",
                "start=.a",
                "start=-a",
                "start=%2e%2e",
                "start=%2e%2e%2fetc",
                "start=a%00",
                "start=%C3%A4",
                "start=\u00e4",
                "start=a%0d%0aX-Evil:1",
                "explain",
                "explain=",
                "explain=a/b",
                "output",
                "output=",
                "output=a/b",
                "output=a&lines=",
                "output=a&lines=-1",
                "output=a&lines=+1",
                "output=a&lines=x",
                "output=a&lines=1000000000",
                "output=a&lines=1&lines=1",
                "output=a&stream=stdin",
                "output=a&stream=",
                "output=a&stream=stderr&stream=stderr",
                "start=a&lines=5",
                "status=a&stream=stderr",
                "start=%",
                "start=%4",
                "start=%4g",
                "start=a%zz",
                "start=%-1",
                "start=%%",
                "list=%",
                "%",
                "status=a%",
                "status=a/b",
                "start=$(id)",
                "start=a;b"
            })
    void aBadQueryIsBadAsAWhole(String text) throws Query.TooLarge {
        assertThat(Query.parse(text)).isEmpty();
        assertThat(Query.parse("list&" + text.replace("wait=0", "wait=9").replaceAll("^&?$", "x")))
                .isEmpty();
    }
}
