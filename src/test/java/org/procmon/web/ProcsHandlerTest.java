package org.procmon.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.time.Duration;
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
import org.procmon.fastcgi.ResponderLimits;
import org.procmon.web.WebServer.Answer;

/** HTTP answers, from the FastCGI records to the control socket and back. */
@Timeout(30)
class ProcsHandlerTest extends Serving {
    private static final String QUERIES =
            "; the queries are list, status[=NAME], explain=NAME,"
                    + " output=NAME[&lines=N][&stream=stdout|stderr], events[=NAME],"
                    + " pool=NAME[&full][&json], start=NAME, stop=NAME, restart=NAME, wait=0|1 beside start, stop or restart";
    private static final String MOZILLA = "Mozilla/5.0 (X11; Linux x86_64) Chrome/156";

    private static Answer bad(String reason) {
        return error(400, "Bad request", "cannot carry out the query: " + reason + QUERIES);
    }

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
    void statusReturnsTheMonitorsReply() throws IOException {
        monitor();
        String one = FakeMonitor.SLEEP2;
        String all = "[" + FakeMonitor.SLEEP1 + "," + one + "]";
        assertThat(web.get("status=sleep2"))
                .isEqualTo(new Answer(head("200 OK", JSON, one.length()), one));
        assertThat(web.get("status"))
                .isEqualTo(new Answer(head("200 OK", JSON, all.length()), all));
    }

    @Test
    void explainReturnsTheMonitorsReply() throws IOException {
        monitor();
        String why = FakeMonitor.WHY;
        assertThat(web.get("explain=sleep2"))
                .isEqualTo(new Answer(head("200 OK", JSON, why.length()), why));
        assertThat(web.get("explain=lost").status()).isEqualTo("404 Not Found");
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
    void aHeaderSaysThatOutputIsBeingLost() throws IOException {
        monitor();
        assertThat(web.get("output=full").header("Procmon-Output-Lost"))
                .isEqualTo("cannot write full.log:\\u000aNo space");
        assertThat(web.get("output=full").body()).isEqualTo("x\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"output=sleep1", "explain=sleep2", "status", "status=sleep1", "events"})
    void moreThanTheListIsNotShownToABrowserUnderAStrangersName(String query) throws IOException {
        FakeMonitor monitor = monitor();
        String[] rebound = {"HTTP_HOST", "evil.example", "HTTP_USER_AGENT", MOZILLA};
        Answer refused =
                error(
                        403,
                        "Forbidden",
                        "cannot show more than the list for a browser that knows this machine as"
                                + " 'evil.example': use its address, or allow the name with"
                                + " 'fcgi_proc --host NAME'. If a program sent it: leave out the"
                                + " header User-Agent");
        assertThat(web.get(query, rebound)).isEqualTo(refused);
        assertThat(web.get("list&" + query, rebound).status()).startsWith("4");
        assertThat(monitor.calls).isEmpty();
        assertThat(web.get("list", rebound).body()).isEqualTo(LIST);
    }

    @Test
    void moreThanTheListIsShownToAProgramAndUnderAnOwnName() throws IOException {
        monitor();
        assertThat(web.get("output=sleep1", "HTTP_HOST", "evil.example").status())
                .isEqualTo("200 OK");
        String[] own = {"HTTP_HOST", "localhost:80", "HTTP_USER_AGENT", MOZILLA};
        assertThat(web.get("output=sleep1", own).status()).isEqualTo("200 OK");
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
        assertThat(web.get("start=sleep1", "HTTP_ACCEPT", "text/plain, */*").body()).isEmpty();
    }

    @Test
    void warnsWhenAChangeMayBeLost() throws IOException {
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
        assertThat(web.get("stop=sleep1&bogus")).isEqualTo(bad("there is no query 'bogus'"));
        assertThat(monitor.calls).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            value = {
                "~~, it asks for nothing",
                "bogus, there is no query 'bogus'",
                "start, 'start' needs the name of a process",
                "restart=a%zz, in 'a%zz' a % is not followed by two hexadecimal digits",
                "list&list&x=1, there is no query 'x'",
                "output=a&lines=1&lines=2, 'lines' is given twice",
                "a%22b, there is no query 'a\\\"b'",
                "a%5Cb, there is no query 'a\\\\b'",
                "a%00b, there is no query 'a\\\\u0000b'"
            })
    void aBadQueryIsABadRequestThatSaysWhy(String query, String why) throws IOException {
        monitor();
        assertThat(web.get(query)).isEqualTo(bad(why));
        assertThat(web.ask("HEAD", query, "")).isEqualTo(new Answer(bad(why).head(), ""));
        assertThat(web.ask("POST", query, "", "CONTENT_LENGTH", "0")).isEqualTo(bad(why));
    }

    @Test
    void aNameOf10KilobytesIsABadRequest() throws IOException {
        monitor();
        assertThat(web.get("start=" + "a".repeat(10_000)))
                .isEqualTo(bad("a name has at most 128 characters"));
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
        Answer refused = bad("it has more than 16 commands; use several queries");
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
    void shortensTheNameOfTheClient(String variable) throws IOException {
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
    void errorsHaveAReason() throws IOException {
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
        assertThat(web.post("bogus")).isEqualTo(bad("there is no query 'bogus'"));
    }

    @Test
    void aPostWithoutBodyUsesItsQuery() throws IOException {
        monitor();
        assertThat(web.ask("POST", "restart=sleep1", "", "CONTENT_LENGTH", "0").body())
                .isEqualTo("restarting sleep1\n");
        assertThat(web.ask("POST", "", "", "CONTENT_LENGTH", "0"))
                .isEqualTo(bad("it asks for nothing"));
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
    void aBodyThatStallsIsARequestTimeout() throws IOException {
        FakeMonitor monitor = monitor();
        Duration usual = Duration.ofSeconds(20);
        Duration body = Duration.ofMillis(200);
        serve(usual, new ResponderLimits(64, 64_000, 100, 1 << 20, usual, usual, body, usual));
        assertThat(web.stall("restart=sle"))
                .isEqualTo(
                        error(
                                408,
                                "Request Timeout",
                                "cannot read the request: the body did not come within 0.2 s"));
        assertThat(monitor.calls).isEmpty();
    }

    @Test
    void reportsAWrongContentLength() throws IOException {
        monitor();
        assertThat(web.ask("POST", "", "list", "CONTENT_LENGTH", "x"))
                .isEqualTo(
                        error(
                                400,
                                "Bad request",
                                "cannot read the body: its Content-Length is not a number"));
        assertThat(web.ask("POST", "", "list", "CONTENT_LENGTH", "5"))
                .isEqualTo(
                        error(
                                400,
                                "Bad request",
                                "cannot read the body: it has 4 bytes, but its Content-Length is"
                                        + " 5"));
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
        Answer tooLong =
                error(
                        413,
                        "Invalid Content-Length",
                        "cannot take a body of more than 1024 bytes (fcgi_proc --limit)");
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
        "HTTP_REFERER, http://evil.example/"
    })
    void aHostilePageReadsTheListAndChangesNothing(String header, String value) throws IOException {
        FakeMonitor monitor = monitor();
        for (String change : List.of("start=sleep1", "stop=sleep1", "restart=sleep1")) {
            assertThat(web.get(change, header, value).status()).isEqualTo("403 Forbidden");
            assertThat(web.ask("POST", "", change, header, value).body())
                    .startsWith("{\"status\": 403, \"description\" : \"cannot change anything");
        }
        assertThat(web.get("list&stop=sleep1", header, value).status()).isEqualTo("403 Forbidden");
        for (String query :
                List.of("status", "status=sleep1", "output=sleep1", "explain=sleep2", "events")) {
            assertThat(web.get(query, header, value))
                    .isEqualTo(
                            error(
                                    403,
                                    "Forbidden",
                                    "cannot show more than the list to a page from elsewhere;"
                                            + " open the address itself in a new tab"));
        }
        assertThat(web.ask("HEAD", "status", "", header, value).status())
                .isEqualTo("403 Forbidden");
        assertThat(monitor.calls).isEmpty();
        assertThat(web.get("list", header, value).body()).isEqualTo(LIST);
    }

    @ParameterizedTest
    @CsvSource({"HTTP_SEC_FETCH_SITE, same-origin", "HTTP_ORIGIN, http://127.0.0.1:8080"})
    void itsOwnPagesChangeByPost(String header, String value) throws IOException {
        FakeMonitor monitor = monitor();
        assertThat(web.get("stop=sleep1", header, value).status()).isEqualTo("403 Forbidden");
        assertThat(monitor.calls).isEmpty();
        assertThat(web.ask("POST", "", "stop=sleep1", header, value).status()).isEqualTo("200 OK");
        assertThat(web.ask("POST", "stop=sleep1&output=sleep1", "", header, value).status())
                .isEqualTo("200 OK");
        assertThat(monitor.calls).hasSize(3);
    }

    @Test
    void aTypedAddressShowsAPageWithTheCommandAndAButton() throws IOException {
        FakeMonitor monitor = monitor();
        String[] typed = {"HTTP_SEC_FETCH_SITE", "none", "HTTP_USER_AGENT", MOZILLA};
        Answer page = web.get("restart=sleep1&stop=a.b_c@d:e", typed);

        assertThat(page.status()).isEqualTo("200 OK");
        assertThat(page.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
        assertThat(page.header("Content-Length")).isEqualTo("" + page.body().length());
        assertThat(page.header("Cache-Control")).isEqualTo("no-store");
        assertThat(page.header("Content-Security-Policy"))
                .isEqualTo(
                        "default-src 'none'; form-action 'self'; base-uri 'none';"
                                + " frame-ancestors 'none'");
        assertThat(page.header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(page.header("Referrer-Policy")).isEqualTo("same-origin");
        assertThat(page.body())
                .contains("<h1>restart sleep1, stop a.b_c@d:e?</h1>")
                .contains("<form method=\"post\"><button type=\"submit\">restart sleep1, stop")
                .doesNotContain("<script");
        assertThat(monitor.calls).isEmpty();
    }

    @Test
    void overPlainHttpThePageSaysThatNothingWasDone() throws IOException {
        FakeMonitor monitor = monitor();
        Answer page =
                web.get("stop=sleep1", "HTTP_USER_AGENT", MOZILLA, "HTTP_ACCEPT", "text/html,*/*");
        assertThat(page.status()).isEqualTo("403 Forbidden");
        assertThat(page.body()).contains("<button type=\"submit\">stop sleep1</button>");
        assertThat(monitor.calls).isEmpty();
    }

    @Test
    void theButtonIsAnsweredWithWords() throws IOException {
        monitor();
        String[] pressed = {
            "CONTENT_LENGTH",
            "0",
            "HTTP_ORIGIN",
            "http://127.0.0.1:8080",
            "HTTP_ACCEPT",
            "text/html,*/*;q=0.8"
        };
        assertThat(web.ask("POST", "stop=sleep1", "", pressed))
                .isEqualTo(new Answer(head("200 OK", TEXT, 5), "done\n"));
        assertThat(web.ask("POST", "stop=sleep1&wait=0", "", pressed))
                .isEqualTo(new Answer(head("202 Accepted", TEXT, 5), "done\n"));
        assertThat(web.ask("POST", "restart=sleep1", "", pressed).body())
                .isEqualTo("restarting sleep1\n");
        assertThat(web.ask("POST", "stop=lost", "", pressed).status()).isEqualTo("404 Not Found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"events&list", "%65vents=a/b", "events=%zz"})
    void aBadStreamIsABadRequest(String query) throws IOException {
        monitor();
        assertThat(web.get(query).status()).isEqualTo("400 Bad request");
    }
}
