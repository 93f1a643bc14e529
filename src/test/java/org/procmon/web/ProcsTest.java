package org.procmon.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.control.protocol.Call;
import org.procmon.control.protocol.OutputQuery;
import org.procmon.control.protocol.StandardStream;
import org.procmon.web.WebServer.Answer;

/** HTTP answers, from the FastCGI records to the control socket and back. */
@Timeout(30)
class ProcsTest extends Serving {
    private static final Answer BAD = error(400, "Bad request", "Bad request");

    @ParameterizedTest
    @ValueSource(strings = {"list", "list=1"})
    void theListHasSixKeysAndNoNewline(String query) throws IOException {
        monitor();
        assertThat(web.get(query)).isEqualTo(new Answer(head("200 OK", JSON, LIST.length()), LIST));
    }

    @Test
    void startAndStopAnswerWithNothing() throws IOException {
        FakeMonitor monitor = monitor();
        Answer empty = new Answer(head("200 OK", TEXT, 0), "");
        assertThat(web.get("start=sleep1")).isEqualTo(empty);
        assertThat(web.get("stop=sleep1")).isEqualTo(empty);
        assertThat(monitor.calls)
                .extracting(Call::method, Call::names, Call::waits, c -> c.timeoutMs().orElse(0))
                .containsExactly(
                        tuple("org.procmon.Monitor.Start", List.of("sleep1"), true, 20_000L),
                        tuple("org.procmon.Monitor.Stop", List.of("sleep1"), true, 20_000L));
    }

    @Test
    void restartSaysSo() throws IOException {
        monitor();
        assertThat(web.get("restart=sleep1"))
                .isEqualTo(new Answer(head("200 OK", TEXT, 18), "restarting sleep1\n"));
    }

    @Test
    void statusIsWhatTheMonitorSaid() throws IOException {
        monitor();
        String one = FakeMonitor.SLEEP2;
        String all = "[" + FakeMonitor.SLEEP1 + "," + one + "]";
        assertThat(web.get("status=sleep2"))
                .isEqualTo(new Answer(head("200 OK", JSON, one.length()), one));
        assertThat(web.get("status"))
                .isEqualTo(new Answer(head("200 OK", JSON, all.length()), all));
    }

    @Test
    void anExplanationIsWhatTheMonitorSaid() throws IOException {
        monitor();
        String why = FakeMonitor.WHY;
        assertThat(web.get("explain=sleep2"))
                .isEqualTo(new Answer(head("200 OK", JSON, why.length()), why));
        assertThat(web.get("explain=lost").status()).isEqualTo("404 Not Found");
        String[] browser = {"HTTP_HOST", "evil.example", "HTTP_ACCEPT_LANGUAGE", "en"};
        assertThat(web.get("explain=sleep2", browser).status()).isEqualTo("403 Forbidden");
    }

    @Test
    void outputIsTheBytesThatWereWritten() throws IOException {
        FakeMonitor monitor = monitor();
        // The browser shows a replacement for the one byte that is no UTF-8; the length is true.
        String text = "STDOUT \u0000\ufffd\n";
        assertThat(web.get("output=sleep1"))
                .isEqualTo(new Answer(head("200 OK", TEXT, text.length()), text));
        assertThat(web.get("output=sleep1&lines=7&stream=stderr").body())
                .isEqualTo("STDERR \u0000\ufffd\n");
        assertThat(monitor.calls)
                .extracting(Call::method, Call::names, Call::output)
                .containsExactly(
                        tuple(
                                "org.procmon.Monitor.ReadOutput",
                                List.of("sleep1"),
                                OutputQuery.last(StandardStream.STDOUT, 50)),
                        tuple(
                                "org.procmon.Monitor.ReadOutput",
                                List.of("sleep1"),
                                OutputQuery.last(StandardStream.STDERR, 7)));
        assertThat(web.get("output=sleep2"))
                .isEqualTo(error(404, "Not Found", "its stdout goes to /dev/null"));
        assertThat(web.get("output=lost"))
                .isEqualTo(error(404, "Not Found", "No such process: lost"));
        assertThat(web.get("restart=sleep1&output=sleep1").body())
                .isEqualTo("restarting sleep1\n" + text);
    }

    @Test
    void outputIsNotShownToABrowserUnderAStrangersName() throws IOException {
        FakeMonitor monitor = monitor();
        assertThat(
                        web.get(
                                "output=sleep1",
                                "HTTP_HOST",
                                "evil.example",
                                "HTTP_ACCEPT_LANGUAGE",
                                "en"))
                .isEqualTo(
                        error(
                                403,
                                "Forbidden",
                                "cannot show output for a browser that knows this machine as"
                                        + " 'evil.example' (fcgi_proc --host)"));
        assertThat(monitor.calls).isEmpty();
        assertThat(web.get("output=sleep1", "HTTP_HOST", "evil.example").status())
                .isEqualTo("200 OK");
        assertThat(
                        web.get(
                                        "output=sleep1",
                                        "HTTP_HOST",
                                        "localhost:80",
                                        "HTTP_ACCEPT_LANGUAGE",
                                        "en")
                                .status())
                .isEqualTo("200 OK");
    }

    @Test
    void changesAnswerWithTheProcessWhenJsonIsAccepted() throws IOException {
        monitor();
        for (String verb : List.of("start", "stop", "restart")) {
            assertThat(
                            web.get(
                                    verb + "=sleep1",
                                    "HTTP_ACCEPT",
                                    "text/html;q=0.5, Application/JSON;q=0.9"))
                    .isEqualTo(
                            new Answer(
                                    head("200 OK", JSON, FakeMonitor.SLEEP1.length()),
                                    FakeMonitor.SLEEP1));
        }
        assertThat(web.get("start=sleep1", "HTTP_ACCEPT", "text/html, */*").body()).isEmpty();
    }

    @Test
    void whatTheNextMonitorMayNotKnowIsTold() throws IOException {
        monitor();
        String warning = "the next monitor may not know that unkept is stopped: no\\u000aroom\n";
        assertThat(web.get("stop=unkept").body()).isEqualTo(warning);
        assertThat(web.get("restart=unkept").body()).isEqualTo("restarting unkept\n" + warning);
    }

    @Test
    void withoutWaitingTheAnswerIsAccepted() throws IOException {
        FakeMonitor monitor = monitor();
        assertThat(web.get("wait=0&restart=sleep1"))
                .isEqualTo(new Answer(head("202 Accepted", TEXT, 18), "restarting sleep1\n"));
        assertThat(web.get("stop=sleep1&wait=0"))
                .isEqualTo(new Answer(head("202 Accepted", TEXT, 0), ""));
        assertThat(web.get("list&wait=0").status()).isEqualTo("200 OK");
        assertThat(monitor.calls).extracting(Call::waits).containsExactly(false, false, true);
        assertThat(web.get("start=lost&wait=0").status()).isEqualTo("404 Not Found");
    }

    @Test
    void itsOwnEndIsNotWaitedFor() throws IOException {
        FakeMonitor monitor = monitor();
        assertThat(web.get("restart=sleep2"))
                .isEqualTo(new Answer(head("202 Accepted", TEXT, 18), "restarting sleep2\n"));
        assertThat(web.get("stop=sleep2").status()).isEqualTo("202 Accepted");
        assertThat(web.get("start=sleep2").status()).isEqualTo("200 OK");
        assertThat(monitor.calls).extracting(Call::waits).containsExactly(false, false, true);
    }

    @Test
    void severalCommandsHaveOneHeaderBlock() throws IOException {
        FakeMonitor monitor = monitor();
        assertThat(web.get("stop=sleep1&list"))
                .isEqualTo(new Answer(head("200 OK", JSON, LIST.length()), LIST));
        assertThat(web.get("restart=sleep1&restart=sleep3"))
                .isEqualTo(
                        new Answer(
                                head("200 OK", TEXT, 36),
                                "restarting sleep1\nrestarting sleep3\n"));
        assertThat(web.get("restart=sleep1&list&start=sleep2"))
                .isEqualTo(
                        new Answer(
                                head("200 OK", TEXT, 18 + LIST.length()),
                                "restarting sleep1\n" + LIST));
        assertThat(monitor.calls)
                .extracting(c -> c.method().replace("org.procmon.Monitor.", ""))
                .containsExactly("Stop", "List", "Restart", "Restart", "Restart", "List", "Start");
    }

    @Test
    void severalCommandsStopAtTheFirstError() throws IOException {
        FakeMonitor monitor = monitor();
        assertThat(web.get("restart=sleep1&stop=lost&start=sleep2"))
                .isEqualTo(error(404, "Not Found", "No such process: lost"));
        assertThat(monitor.calls).hasSize(2);
    }

    @Test
    void aBadCommandSpoilsTheWholeQuery() throws IOException {
        FakeMonitor monitor = monitor();
        assertThat(web.get("stop=sleep1&bogus")).isEqualTo(BAD);
        assertThat(monitor.calls).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bogus",
                "start",
                "start=",
                "start=a/b",
                "stop=%2e%2e",
                "restart=a%zz",
                "stop=a+b",
                "start=%C3%A9",
                "list&list&x=1",
                "status=*"
            })
    void aBadQueryIsABadRequest(String query) throws IOException {
        monitor();
        assertThat(web.get(query)).isEqualTo(BAD);
    }

    @Test
    void aNameOf10KilobytesIsABadRequest() throws IOException {
        monitor();
        assertThat(web.get("start=" + "a".repeat(10_000)))
                .isEqualTo(
                        error(400, "Bad request", "cannot use a name of more than 128 characters"));
    }

    @Test
    void severalJsonAnswersAreOneArray() throws IOException {
        FakeMonitor monitor = monitor();
        String both = "[" + LIST + "," + FakeMonitor.SLEEP1 + "]";
        assertThat(web.get("list&status=sleep1"))
                .isEqualTo(new Answer(head("200 OK", JSON, both.length()), both));
        String twice = "[" + LIST + "," + LIST + "]";
        assertThat(web.get("list&list"))
                .isEqualTo(new Answer(head("200 OK", JSON, twice.length()), twice));
        // The same question is asked once, unless something was changed meanwhile.
        assertThat(monitor.calls).hasSize(3);
        assertThat(web.get("list&stop=sleep1&list").body()).isEqualTo(twice);
        assertThat(monitor.calls).hasSize(6);
        String rows = "[" + FakeMonitor.SLEEP1 + "," + FakeMonitor.SLEEP1 + "]";
        assertThat(web.get("stop=sleep1&start=sleep1", "HTTP_ACCEPT", "application/json").body())
                .isEqualTo(rows);
    }

    @Test
    void aQueryHas16CommandsAtMost() throws IOException {
        FakeMonitor monitor = monitor();
        String most = "restart=sleep1&".repeat(16) + "wait=1";
        assertThat(web.get(most).body()).isEqualTo("restarting sleep1\n".repeat(16));
        assertThat(monitor.calls).hasSize(16);
        Answer refused =
                error(
                        400,
                        "Bad request",
                        "cannot carry out more than 16 commands in one query; use several");
        assertThat(web.get(most + "&list")).isEqualTo(refused);
        assertThat(web.get("output=sleep1&".repeat(600))).isEqualTo(refused);
        assertThat(web.get("events&".repeat(600))).isEqualTo(refused);
        assertThat(web.post("list&".repeat(200))).isEqualTo(refused);
        assertThat(monitor.calls).hasSize(16);
    }

    @Test
    void theOutputOfOneQueryIsBounded() throws IOException {
        String much = "x".repeat(64 << 10);
        FakeMonitor monitor = monitor(_ -> Optional.of(FakeMonitor.output(much)));
        assertThat(web.get("output=a&output=b&output=c&output=d").body()).isEqualTo(much.repeat(4));
        assertThat(web.get("output=a&output=b&output=c&output=d&output=e&output=f"))
                .isEqualTo(
                        error(
                                400,
                                "Bad request",
                                "cannot show more than 262144 bytes of output for one query; ask"
                                        + " for fewer lines, or use several"));
        assertThat(web.get("output=a&".repeat(5)).status()).isEqualTo("400 Bad request");
        assertThat(monitor.calls).hasSize(4 + 5 + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"REMOTE_USER", "REMOTE_ADDR"})
    void whoAsksIsToldInFewCharacters(String variable) throws IOException {
        FakeMonitor monitor = monitor();
        assertThat(web.get("list", variable, "a".repeat(256)).status()).isEqualTo("200 OK");
        assertThat(web.get("list", variable, "a".repeat(257)).status())
                .isEqualTo("400 Bad request");
        assertThat(monitor.calls).hasSize(1);
    }

    @Test
    void unknownNamesAreNotFound() throws IOException {
        FakeMonitor monitor = monitor();
        for (String command : List.of("start", "stop", "restart", "status")) {
            assertThat(web.get(command + "=web-1"))
                    .isEqualTo(error(404, "Not Found", "No such process: web-1"));
        }
        assertThat(monitor.calls).hasSize(4);
        assertThat(web.get("stop=all")).isEqualTo(error(404, "Not Found", "No such process: all"));
        assertThat(monitor.calls).hasSize(4);
    }

    @Test
    void errorsTellTheirReason() throws IOException {
        monitor();
        assertThat(web.get("start=broken"))
                .isEqualTo(
                        error(
                                500,
                                "Internal Server Error",
                                "cannot execute '/no/\\\"such\\\"': No such file or directory"));
        assertThat(web.get("start=slow"))
                .isEqualTo(error(504, "Gateway Timeout", "not done in time: it waits for db"));
        assertThat(web.get("stop=secret"))
                .isEqualTo(error(403, "Forbidden", "the user web is no operator"));
        assertThat(web.get("stop=procmon1"))
                .isEqualTo(error(400, "Bad request", "procmon1 is a monitor"));
        assertThat(web.get("start=late"))
                .isEqualTo(
                        error(
                                503,
                                "Service Unavailable",
                                "the monitor is shutting down",
                                "Retry-After: 1\r\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "OPTIONS", "TRACE", "get", ""})
    void otherMethodsAreNotAllowed(String method) throws IOException {
        monitor();
        assertThat(web.ask(method, "list", ""))
                .isEqualTo(
                        error(
                                405,
                                "Method Not Allowed",
                                "Method Not Allowed",
                                "Allow: GET, HEAD, POST\r\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "list",
                "status=sleep1",
                "output=sleep1",
                "bogus",
                "status=lost",
                "output=x"
            })
    void headAnswersLikeGetWithoutABody(String query) throws IOException {
        monitor();
        Answer get = web.get(query);
        assertThat(get.body()).isNotEmpty();
        assertThat(web.ask("HEAD", query, "")).isEqualTo(new Answer(get.head(), ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"start=sleep1", "stop=sleep1", "list&restart=sleep1"})
    void headChangesNothing(String query) throws IOException {
        FakeMonitor monitor = monitor();
        Answer refused =
                error(405, "Method Not Allowed", "Method Not Allowed", "Allow: GET, POST\r\n");
        assertThat(web.ask("HEAD", query, "")).isEqualTo(new Answer(refused.head(), ""));
        assertThat(monitor.calls).isEmpty();
    }

    @Test
    void aPostBodyIsReadAsAQuery() throws IOException {
        monitor();
        assertThat(web.post("list").body()).isEqualTo(LIST);
        assertThat(web.post("restart=sleep1&restart=sleep3").body())
                .isEqualTo("restarting sleep1\nrestarting sleep3\n");
        assertThat(web.post("bogus")).isEqualTo(BAD);
    }

    @Test
    void aPostWithoutABodyMeansItsQuery() throws IOException {
        monitor();
        assertThat(web.ask("POST", "restart=sleep1", "", "CONTENT_LENGTH", "0").body())
                .isEqualTo("restarting sleep1\n");
        assertThat(web.ask("POST", "", "", "CONTENT_LENGTH", "0")).isEqualTo(BAD);
    }

    @Test
    void aPostBodyCountsMoreThanTheQuery() throws IOException {
        FakeMonitor monitor = monitor();
        assertThat(web.ask("POST", "stop=sleep2", "list", "CONTENT_LENGTH", "4").body())
                .isEqualTo(LIST);
        assertThat(monitor.calls).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 200 OK",
        "4, 200 OK",
        "3, 400 Bad request",
        "5, 400 Bad request",
        "-1, 200 OK",
        "-4, 400 Bad request",
        "+4, 400 Bad request",
        "x, 400 Bad request",
        "4 , 200 OK",
        "99999999999999999999, 413 Invalid Content-Length",
        "1025, 413 Invalid Content-Length"
    })
    void theDeclaredLengthMustBeTrue(String declared, String status) throws IOException {
        monitor();
        assertThat(web.ask("POST", "", "list", "CONTENT_LENGTH", declared).status())
                .isEqualTo(status);
        assertThat(web.ask("POST", "", "list").status()).isEqualTo("200 OK");
    }

    @Test
    void aBodyOfUnknownLengthEndsWithItsStream() throws IOException {
        monitor();
        String longest = "restart=sleep1" + "&".repeat(1024 - 14);
        for (String[] length :
                List.of(
                        new String[] {},
                        new String[] {"CONTENT_LENGTH", ""},
                        new String[] {"CONTENT_LENGTH", "-1"})) {
            assertThat(web.ask("POST", "list", longest, length).body())
                    .isEqualTo("restarting sleep1\n");
            assertThat(web.ask("POST", "list", longest + "&", length).status())
                    .isEqualTo("413 Invalid Content-Length");
            assertThat(web.ask("POST", "list", "", length).body()).isEqualTo(LIST);
        }
    }

    @Test
    void aBodyOverTheLimitIsTooLong() throws IOException {
        FakeMonitor monitor = monitor();
        Answer tooLong = error(413, "Invalid Content-Length", "Invalid Content-Length");
        String limit = "list&" + "&".repeat(1019);
        assertThat(web.post(limit).body()).isEqualTo(LIST);
        assertThat(web.post(limit + "&")).isEqualTo(tooLong);
        assertThat(web.ask("POST", "", limit + "&")).isEqualTo(tooLong);
        assertThat(web.ask("POST", "", limit + "&", "CONTENT_LENGTH", "1024")).isEqualTo(tooLong);
        assertThat(monitor.calls).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP_SEC_FETCH_SITE, cross-site",
        "HTTP_SEC_FETCH_SITE, same-site",
        "HTTP_ORIGIN, http://evil.example",
        "HTTP_ORIGIN, null",
        "HTTP_ORIGIN, http://127.0.0.1",
        "HTTP_SEC_PURPOSE, prefetch;prerender",
        "HTTP_PURPOSE, prefetch"
    })
    void aHostilePageReadsButChangesNothing(String header, String value) throws IOException {
        FakeMonitor monitor = monitor();
        for (String change : List.of("start=sleep1", "stop=sleep1", "restart=sleep1")) {
            assertThat(web.get(change, header, value).status()).isEqualTo("403 Forbidden");
            assertThat(web.ask("POST", "", change, header, value).body())
                    .startsWith("{\"status\": 403, \"description\" : \"cannot change anything");
        }
        assertThat(web.get("list&stop=sleep1", header, value).status()).isEqualTo("403 Forbidden");
        assertThat(monitor.calls).isEmpty();
        assertThat(web.get("list", header, value).body()).isEqualTo(LIST);
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP_SEC_FETCH_SITE, same-origin",
        "HTTP_SEC_FETCH_SITE, none",
        "HTTP_ORIGIN, http://127.0.0.1:8080"
    })
    void itsOwnPagesMayChange(String header, String value) throws IOException {
        monitor();
        assertThat(web.get("stop=sleep1", header, value).status()).isEqualTo("200 OK");
    }
}
