package org.procmon.system.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.http.Stage.patiently;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** What curl sees through lighttpd, to the byte. Each test has processes of its own. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QueriesIT {
    private static final String CONFIGURATION =
            """
            {"processes": [
              {"id": "sleep1", "exec": "sleep 1000", "monitored": true},
              {"id": "sleep2", "exec": "sleep 1001", "monitored": true, "depends": ["sleep1"]},
              {"id": "web-1", "exec": "sleep 1002", "monitored": true},
              {"id": "a.b_c@d:e", "exec": "sleep 1003", "monitored": true},
              {"id": "once", "exec": "sh -c 'echo $$ >$DIR/once'"},
              {"id": "odd", "exec": ["sleep", "1000", "\\"a\\\\b\\"\\t\\u0001\\u001b\\u007f\\u00e9\\u20ac/"], "skip": true},
              {"id": "missing", "exec": "/no/such/program", "monitored": true, "skip": true},
              {"id": "off", "exec": "sleep 1004", "monitored": true, "skip": true},
              {"id": "several", "exec": "sleep 1005", "monitored": true},
              {"id": "counted", "exec": "sleep 1006", "monitored": true},
              {"id": "asjson", "exec": "sleep 1007", "monitored": true},
              {"id": "posted", "exec": "sleep 1008", "monitored": true},
              {"id": "slow", "exec": ["sh", "-c", "trap '' TERM; echo up >$DIR/slow; sleep 1000 & wait"],
               "monitored": true, "stop": {"timeout": "1s"}}
            ]}
            """;

    private static final String QUERIES =
            "; the queries are list, status[=NAME], explain=NAME,"
                    + " output=NAME[&lines=N][&stream=stdout|stderr], events[=NAME],"
                    + " pool=NAME[&full][&json], start=NAME, stop=NAME, restart=NAME, wait=0|1 beside start, stop or restart";
    private static final String LONG_NAME = badRequest("a name has at most 128 characters");
    private static final String NOT_ALLOWED =
            "{\"status\": 405, \"description\" : \"Method Not Allowed\"}";
    private static final String TOO_LONG =
            "{\"status\": 413, \"description\" : \"cannot take a body of more than 1024 bytes"
                    + " (fcgi_proc --limit)\"}";
    private static final String JSON = "application/json; charset=utf-8";
    private static final String TEXT = "text/plain; charset=utf-8";

    private final Stage stage;

    QueriesIT(@TempDir Path folder) {
        stage = new Stage(folder);
    }

    @BeforeAll
    void start() throws Exception {
        stage.monitor(CONFIGURATION);
        stage.lighttpd("lighttpd.conf");
        stage.await200("?list");
    }

    @AfterAll
    void stop() throws Exception {
        stage.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"?list", "?list=1", "?list=", "?&list&", "?%6cist"})
    void theListHasSixKeysInOrderAndTheMonitorFirst(String query) throws Exception {
        Answer answer = stage.ask(query);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.head().getFirst()).isEqualTo("HTTP/1.1 200 OK");
        assertThat(answer.header("Content-Type")).containsExactly(JSON);
        assertThat(answer.header("Content-Length"))
                .containsExactly(String.valueOf(answer.body().getBytes(UTF_8).length));
        assertThat(answer.header("Cache-Control")).containsExactly("no-store");
        assertThat(Listed.parse(answer.body()))
                .extracting(Listed::name)
                .containsExactly(
                        "procmon1",
                        "sleep1",
                        "sleep2",
                        "web-1",
                        "a.b_c@d:e",
                        "once",
                        "odd",
                        "missing",
                        "off",
                        "several",
                        "counted",
                        "asjson",
                        "posted",
                        "slow");
    }

    @Test
    void aSessionWithOneProcess() throws Exception {
        Listed first = row("sleep1");
        assertThat(first.state()).isEqualTo("running");
        assertThat(first.runcount()).isEqualTo(1);
        assertThat(first.exec()).isEqualTo("sleep 1000");
        assertThat(ServerProcesses.command(first.pid())).startsWith("sleep", "1000");

        assertDone(stage.ask("?restart=sleep1"), "restarting sleep1\n");
        Listed second = row("sleep1");
        assertThat(second.runcount()).isEqualTo(2);
        assertThat(second.pid()).isNotEqualTo(first.pid());
        assertThat(ServerProcesses.isAlive(first.pid())).isFalse();
        assertThat(ServerProcesses.isAlive(second.pid())).isTrue();

        assertDone(stage.ask("?stop=sleep1"), "");
        Listed stopped = row("sleep1");
        assertThat(stopped.state()).isEqualTo("stopped");
        assertThat(stopped.pid()).isEqualTo(second.pid());
        assertThat(stopped.runcount()).isEqualTo(2);
        assertThat(ServerProcesses.isAlive(second.pid())).isFalse();
        assertDone(stage.ask("?stop=sleep1"), "");

        assertDone(stage.ask("?start=sleep1"), "");
        Listed third = row("sleep1");
        assertThat(third.state()).isEqualTo("running");
        assertThat(third.runcount()).isEqualTo(3);
        assertDone(stage.ask("?start=sleep1"), "");
        assertThat(row("sleep1").pid()).isEqualTo(third.pid());
    }

    @Test
    void aRestartIsCountedAndResetsSince() throws Exception {
        patiently().until(() -> row("counted").seconds() >= 2 && row("web-1").seconds() >= 2);
        int runs = row("counted").runcount();

        assertDone(stage.ask("?restart=counted"), "restarting counted\n");

        String list = stage.ask("?list").body();
        assertThat(Listed.find(list, "counted").runcount()).isEqualTo(runs + 1);
        assertThat(Listed.find(list, "counted").seconds())
                .isLessThan(Listed.find(list, "web-1").seconds());
    }

    @Test
    void aCrashIsCountedAndResetsSince() throws Exception {
        patiently().until(() -> row("sleep2").seconds() >= 2 && row("web-1").seconds() >= 2);
        Listed before = row("sleep2");

        stage.signal("KILL", before.pid());

        patiently().until(() -> row("sleep2").runcount() == before.runcount() + 1);
        String list = stage.ask("?list").body();
        assertThat(Listed.find(list, "sleep2").state()).isEqualTo("running");
        assertThat(Listed.find(list, "sleep2").seconds())
                .isLessThan(Listed.find(list, "web-1").seconds());
    }

    @Test
    void aProcessThatRanToCompletionIsStoppedAndKeepsItsPid() throws Exception {
        patiently().until(() -> row("once").state().equals("stopped"));

        assertThat(row("once").pid())
                .isEqualTo(Long.parseLong(Files.readString(stage.file("once")).strip()));
        assertThat(row("once").runcount()).isEqualTo(1);
    }

    @Test
    void commandsRunInOrderAndTheirBodiesFollowOneAnother() throws Exception {
        int runs = row("several").runcount();
        assertDone(
                stage.ask("?restart=several&stop=several&restart=several"),
                "restarting several\nrestarting several\n");
        assertThat(row("several").runcount()).isEqualTo(runs + 2);

        Answer answer = stage.ask("?stop=several&list");
        assertThat(answer.header("Content-Type")).containsExactly(JSON);
        assertThat(Listed.find(answer.body(), "several").state()).isEqualTo("stopped");
    }

    @Test
    void theFirstCommandThatFailsEndsTheQuery() throws Exception {
        Answer answer = stage.ask("?start=several&stop=nobody&stop=several");

        assertError(
                answer, 404, "{\"status\": 404, \"description\" : \"No such process: nobody\"}");
        assertThat(row("several").state()).isEqualTo("running");
    }

    @Test
    void oneBadCommandSpoilsTheQueryBeforeAnythingIsDone() throws Exception {
        int runs = row("web-1").runcount();

        assertError(
                stage.ask("?restart=web-1&frobnicate=web-1"),
                400,
                badRequest("there is no query 'frobnicate'"));

        assertThat(row("web-1").runcount()).isEqualTo(runs);
    }

    @Test
    void twoListsAreOneDocument() throws Exception {
        Answer answer = stage.ask("?list&list");

        assertThat(answer.header("Content-Type")).containsExactly(JSON);
        assertThat(answer.header("Content-Length")).hasSize(1);
        assertThat(answer.body()).doesNotContain("Content-Type");
        assertThat(answer.body()).startsWith("[[{").endsWith("}]]");
        int half = answer.body().indexOf("],[");
        assertThat(Listed.parse(answer.body().substring(1, half + 1)))
                .hasSameSizeAs(
                        Listed.parse(
                                answer.body().substring(half + 2, answer.body().length() - 1)));
    }

    @Test
    void aPostedBodyIsReadAsAQueryIs() throws Exception {
        assertDone(stage.ask("", "-d", "restart=posted"), "restarting posted\n");
        assertDone(
                stage.ask("?stop=web-1", "-d", "restart=posted&start=posted"),
                "restarting posted\n");
        assertThat(row("posted").runcount()).isEqualTo(3);
        assertThat(row("web-1").state()).isEqualTo("running");
        assertThat(Listed.parse(stage.ask("?list", "-X", "POST", "-d", "").body())).isNotEmpty();
        assertThat(
                        stage.ask("", "-H", "Transfer-Encoding: chunked", "-d", "list")
                                .header("Content-Type"))
                .containsExactly(JSON);
    }

    @Test
    void aBodyOverTheLimitIsRefused() throws Exception {
        String most = "list" + "&".repeat(1020);
        assertThat(stage.ask("", "-d", most).status()).isEqualTo(200);
        assertError(stage.ask("", "-d", most + "&"), 413, TOO_LONG);
        assertError(
                stage.ask("", "-H", "Transfer-Encoding: chunked", "-d", most + "&"), 413, TOO_LONG);
        Path large = Files.writeString(stage.file("large"), "&".repeat(200_000));
        assertError(stage.ask("", "-d", "@" + large), 413, TOO_LONG);
    }

    @Test
    void headHasTheHeadersOfGetAndNoBody() throws Exception {
        Answer get = stage.ask("?status=web-1&frob");
        Answer head = stage.ask("?status=web-1&frob", "-I");
        assertThat(head.status()).isEqualTo(400);
        assertThat(head.body()).isEmpty();
        assertThat(head.header("Content-Length")).isEqualTo(get.header("Content-Length"));

        Answer list = stage.ask("?list", "-I");
        assertThat(list.status()).isEqualTo(200);
        assertThat(list.body()).isEmpty();
        assertThat(list.header("Content-Type")).containsExactly(JSON);
        assertThat(Integer.parseInt(list.header("Content-Length").getFirst())).isGreaterThan(500);
    }

    @Test
    void headChangesNothing() throws Exception {
        Answer head = stage.ask("?list&stop=web-1", "-I");

        assertThat(head.status()).isEqualTo(405);
        assertThat(head.header("Allow")).containsExactly("GET, POST");
        assertThat(head.header("Content-Length"))
                .containsExactly(String.valueOf(NOT_ALLOWED.length()));
        assertThat(row("web-1").state()).isEqualTo("running");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND"})
    void otherMethodsAreNotAllowed(String method) throws Exception {
        Answer answer = stage.ask("?stop=web-1", "-X", method);

        assertError(answer, 405, NOT_ALLOWED);
        assertThat(answer.header("Allow")).containsExactly("GET, HEAD, POST");
        assertThat(row("web-1").state()).isEqualTo("running");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            value = {
                "~~, it asks for nothing",
                "?, it asks for nothing",
                "?&&, it asks for nothing",
                "?frobnicate, there is no query 'frobnicate'",
                "?LIST, there is no query 'LIST'",
                "?list+, there is no query 'list+'",
                "?=, there is no query ''",
                "?start, 'start' needs the name of a process",
                "?stop=, 'stop' needs the name of a process",
                "?wait=0, it asks for nothing",
                "?list&wait=2, 'wait' must be 0 or 1",
                "?output=web-1&lines=many, 'lines' must be a number from 0 to 999999999",
                "?output=web-1&lines=1&lines=1, 'lines' is given twice",
                "?start=%2e%2e, '..' cannot be a name",
                "?start=../etc, '../etc' cannot be a name",
                "?start=%2Fetc%2Fpasswd, '/etc/passwd' cannot be a name",
                "?start=-x, '-x' cannot be a name",
                "?start=%C3%A9, 'é' cannot be a name",
                "?start=é, 'é' cannot be a name",
                "?start=%zz, '%zz' cannot be a name",
                "?start=sleep1%2, 'sleep1%2' cannot be a name",
                "?stop=%2A, '*' cannot be a name",
                "?start=sleep1;list, 'sleep1;list' cannot be a name",
                "?start=sleep1%26list, 'sleep1&list' cannot be a name"
            })
    void anInvalidQueryGetsA400WithItsReason(String query, String why) throws Exception {
        Answer answer = stage.ask(query);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("Content-Type")).containsExactly("application/json");
        assertThat(answer.body())
                .startsWith(
                        "{\"status\": 400, \"description\" : \"cannot carry out the query: " + why)
                .endsWith(QUERIES + "\"}");
    }

    @Test
    void aBadEscapeIsABadRequest() throws Exception {
        // In a query lighttpd makes %25zz of it.
        assertError(
                stage.ask("", "-d", "start=%zz"),
                400,
                badRequest("in '%zz' a % is not followed by two hexadecimal digits"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"start=sleep1%00", "start=sleep1%0d%0aX-Evil:%201", "start=sleep1%0a"})
    void controlCharactersAreABadRequestHoweverTheyCome(String text) throws Exception {
        // In a query it is lighttpd that refuses them.
        Answer asked = stage.ask("?" + text);
        assertThat(asked.status()).isEqualTo(400);
        assertThat(asked.header("X-Evil")).isEmpty();
        Answer posted = stage.ask("", "-d", text);
        assertThat(posted.status()).isEqualTo(400);
        assertThat(posted.header("X-Evil")).isEmpty();
        assertThat(posted.body()).contains("cannot be a name").doesNotContain("\n");
    }

    @Test
    void aNameOfAnyLengthIsRefusedOrNotFound() throws Exception {
        assertThat(stage.ask("?start=" + "a".repeat(128)).status()).isEqualTo(404);
        assertError(stage.ask("?start=" + "a".repeat(129)), 400, LONG_NAME);
        assertError(stage.ask("?start=" + "a".repeat(7000)), 400, LONG_NAME);
        assertError(stage.ask("?start=" + "%61".repeat(2300)), 400, LONG_NAME);
        // More than lighttpd itself takes as a header.
        assertThat(stage.ask("?start=" + "a".repeat(10_000)).status()).isEqualTo(431);
    }

    @ParameterizedTest
    @CsvSource({
        "web-1, web-1",
        "we%62%2D1, web-1",
        "a.b_c@d:e, a.b_c@d:e",
        "a%2Eb%5fc%40d%3ae, a.b_c@d:e"
    })
    void namesMayHaveMoreThanLettersAndMayBeEncoded(String given, String name) throws Exception {
        assertDone(stage.ask("?restart=" + given), "restarting " + name + "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"start", "stop", "restart", "status"})
    void anUnknownNameIsNotFound(String command) throws Exception {
        String body = "{\"status\": 404, \"description\" : \"No such process: nobody\"}";
        assertError(stage.ask("?" + command + "=nobody"), 404, body);
    }

    @Test
    void theWordForAllProcessesIsNoProcess() throws Exception {
        assertThat(stage.ask("?stop=all").status()).isEqualTo(404);
        assertThat(row("web-1").state()).isEqualTo("running");
    }

    @ParameterizedTest
    @ValueSource(strings = {"start", "stop", "restart"})
    void theMonitorItselfIsNotSteeredLikeThis(String command) throws Exception {
        long pid = row("procmon1").pid();

        assertThat(stage.ask("?" + command + "=procmon1").status()).isEqualTo(400);

        assertThat(row("procmon1").pid()).isEqualTo(pid);
    }

    @Test
    void escapesOddCharactersOfCommands() throws Exception {
        String body = stage.ask("?list").body();

        assertThat(Listed.find(body, "odd").exec())
                .isEqualTo("sleep 1000 '\\\"a\\\\b\\\"\\u0009\\u0001\\u001b\\u007fé€/'");
        List<String> texts = new ArrayList<>();
        try (JsonParser json = new JsonFactory().createParser(ObjectReadContext.empty(), body)) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.VALUE_STRING) {
                    texts.add(json.getString());
                }
            }
        }
        assertThat(texts).contains("sleep 1000 '\"a\\b\"\t\u0001\u001b\u007fé€/'");
    }

    @Test
    void returnsTheProcessIfJsonIsAccepted() throws Exception {
        String[] accept = {"-H", "Accept: text/html;q=0.1, application/json"};

        Answer restarted = stage.ask("?restart=asjson", accept);
        assertThat(restarted.status()).isEqualTo(200);
        assertThat(restarted.header("Content-Type")).containsExactly(JSON);
        assertThat(restarted.body())
                .startsWith(
                        "{\"name\":\"asjson\",\"state\":\"running\",\"goal\":\"up\",\"pid\":"
                                + row("asjson").pid()
                                + ",\"runcount\":2,\"restarts\":1,\"since\":\"20")
                .contains("\"last_exit\":{\"signal\":\"TERM\",");
        assertThat(stage.ask("?stop=asjson", accept).body())
                .startsWith("{\"name\":\"asjson\",\"state\":\"stopped\",\"goal\":\"down\",");
        assertThat(stage.ask("?start=asjson", accept).body())
                .startsWith("{\"name\":\"asjson\",\"state\":\"running\",\"goal\":\"up\",");
        assertThat(stage.ask("?status=asjson").body())
                .startsWith("{\"name\":\"asjson\",\"state\":\"running\",")
                .contains("\"cpu_percent\":", "\"rss\":");
        assertThat(stage.ask("?status").body()).contains("\"cpu_percent\":", "\"rss\":");
        assertThat(stage.ask("?list").body()).doesNotContain("cpu_percent", "rss");
    }

    @Test
    void aCommandWithoutWaitGetsA202() throws Exception {
        patiently().until(() -> Files.exists(stage.file("slow")));

        Answer answer = stage.ask("?stop=slow&wait=0");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.header("Content-Type")).containsExactly(TEXT);
        assertThat(answer.header("Content-Length")).containsExactly("0");
        assertThat(row("slow").state()).isEqualTo("running");
        patiently().until(() -> row("slow").state().equals("stopped"));
    }

    @Test
    void aProgramThatIsNotThereIsTheReasonOfAnError() throws Exception {
        Answer answer = stage.ask("?start=missing");

        assertError(
                answer,
                500,
                "{\"status\": 500, \"description\" : \"cannot execute '/no/such/program': No such"
                        + " file or directory\"}");
        assertThat(row("missing").state()).isEqualTo("stopped");
        assertDone(stage.ask("?stop=missing"), "");
    }

    @Test
    void aSkippedProcessIsStoppedAndCanBeStarted() throws Exception {
        assertThat(row("off"))
                .extracting(Listed::pid, Listed::runcount, Listed::state)
                .containsExactly(0L, 0, "stopped");
        assertDone(stage.ask("?start=off"), "");
        assertThat(row("off").state()).isEqualTo("running");
        assertThat(row("off").runcount()).isEqualTo(1);
    }

    private Listed row(String name) throws IOException {
        return Listed.find(stage.ask("?list").body(), name);
    }

    private static String badRequest(String why) {
        return "{\"status\": 400, \"description\" : \"cannot carry out the query: "
                + why
                + QUERIES
                + "\"}";
    }

    private static void assertDone(Answer answer, String body) {
        assertThat(answer.body()).isEqualTo(body);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).containsExactly(TEXT);
        assertThat(answer.header("Content-Length")).containsExactly("" + body.length());
        assertThat(answer.header("Cache-Control")).containsExactly("no-store");
    }

    private static void assertError(Answer answer, int status, String body) {
        assertThat(answer.body()).isEqualTo(body);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).containsExactly("application/json");
        assertThat(answer.header("Content-Length")).containsExactly("" + body.length());
        assertThat(answer.header("Cache-Control")).containsExactly("no-store");
    }
}
