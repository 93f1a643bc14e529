package org.procmon.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.fastcgi.RecordedFailures;
import org.procmon.fcgiproc.FcgiProc;
import org.procmon.web.FakeMonitor;
import org.procmon.web.WebServer;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** HTTP requests of all kinds, as {@code fcgi_proc} gets them from a web server. */
class HttpQueryFuzzTest {
    private static final Set<String> STATUSES =
            Set.of("200", "202", "400", "403", "404", "405", "413", "431", "500", "503", "504");
    private static final Set<String> LOOKS =
            Set.of("List", "Status", "Explain", "Pools", "ReadOutput", "Watch");
    private static final List<String> KEYS =
            List.of(
                    "list", "status", "explain", "output", "events", "start", "stop", "restart",
                    "wait", "lines", "stream", "LIST", "bogus", "");
    private static final List<String> VALUES =
            List.of(
                    "",
                    "sleep1",
                    "sleep2",
                    "sleep3",
                    "lost",
                    "broken",
                    "slow",
                    "secret",
                    "late",
                    "procmon1",
                    "all",
                    "unkept",
                    "*",
                    "..",
                    "0",
                    "1",
                    "7",
                    "stderr",
                    "%00",
                    "%zz",
                    "%e2%80%ae",
                    "a+b",
                    "\u00c3\u00a9",
                    "=",
                    "\u0001");
    private static final List<String> LENGTHS =
            List.of("", "-1", "0", "4", "+4", "1025", "99999999999", "x");
    private static final List<String> REFUSED =
            List.of("cannot change anything", "cannot show more than the list");

    @TempDir Path folder;
    private final JsonFactory json = new JsonFactory();

    private static <T> T any(List<T> list, Random random) {
        return list.get(random.nextInt(list.size()));
    }

    private static String query(Random random) {
        StringBuilder query = new StringBuilder();
        int parts = random.nextInt(10) == 0 ? random.nextInt(60) : random.nextInt(4);
        for (int i = 0; i < parts; i++) {
            query.append(query.isEmpty() ? "" : "&").append(any(KEYS, random));
            if (random.nextInt(4) > 0) {
                query.append('=').append(any(VALUES, random));
            }
        }
        for (int i = random.nextInt(6) == 0 ? 1 + random.nextInt(3) : 0; i > 0; i--) {
            int at = random.nextInt(query.length() + 1);
            switch (random.nextInt(3)) {
                case 0 -> query.insert(at, (char) random.nextInt(256));
                case 1 -> query.insert(at, "x".repeat(random.nextInt(300)));
                default -> query.setLength(at);
            }
        }
        return query.toString();
    }

    @Test
    void everyAnswerIsOneOfThoseThatAreDocumented() throws Exception {
        RecordedFailures bugs = new RecordedFailures();
        CompletableFuture<Runnable> end = new CompletableFuture<>();
        Path socket = folder.resolve("f.sock");
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, UTF_8);
        String[] args = {
            "--listen", socket.toString(), "--state-dir", folder.toString(), "--host", "own.example"
        };
        CompletableFuture<Integer> code = new CompletableFuture<>();
        try (FakeMonitor monitor =
                new FakeMonitor(folder.resolve("control.sock"), FakeMonitor::usual)) {
            Thread.ofPlatform()
                    .start(() ->
                            code.complete(
                                    FcgiProc.run(
                                            args,
                                            Map.of(),
                                            nowhere,
                                            nowhere,
                                            end::complete,
                                            bugs)));
            Runnable stop = end.get();
            WebServer web = new WebServer(UnixDomainSocketAddress.of(socket));
            FuzzRun.run(random -> {
                one(web, monitor, random);
                assertThat(bugs.seen()).isEmpty();
            });
            stop.run();
            assertThat(code.get()).isZero();
        }
        assertThat(bugs.seen()).isEmpty();
    }

    private void one(WebServer web, FakeMonitor monitor, Random random) throws Exception {
        String method = any(List.of("GET", "GET", "POST", "HEAD", "PUT", "get", ""), random);
        String body = random.nextInt(3) == 0 ? query(random) : "";
        List<String> more = new java.util.ArrayList<>();
        if (random.nextInt(3) == 0) {
            more.addAll(List.of("CONTENT_LENGTH", any(LENGTHS, random)));
        } else if (random.nextBoolean()) {
            more.addAll(List.of("CONTENT_LENGTH", "" + body.length()));
        }
        if (random.nextInt(20) == 0) {
            more.addAll(List.of("REMOTE_USER", "u".repeat(random.nextInt(400))));
        }
        if (random.nextInt(50) == 0) {
            more.addAll(List.of("HTTP_LONG", "x".repeat(random.nextInt(65_000))));
        }
        RequestHeaders headers = RequestHeaders.any(random);
        more.addAll(headers.variables());
        monitor.calls.clear();
        WebServer.Answer answer = web.ask(method, query(random), body, more.toArray(String[]::new));
        String status = answer.status().substring(0, 3);
        assertThat(status).isIn(STATUSES);
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        List<String> calls =
                monitor.calls.stream()
                        .map(call -> call.method().replace("org.procmon.Monitor.", ""))
                        .toList();
        String said = headers.toString();
        if (!headers.mayChange(method)) {
            assertThat(calls).as(said).isSubsetOf(LOOKS);
        }
        if (!headers.mayRead() && !headers.mayChange(method)) {
            assertThat(calls).as(said).isSubsetOf("List");
        }
        if (!headers.browser() && (headers.ownHost() || !headers.unpacks())) {
            assertThat(REFUSED).as(said).noneMatch(answer.body()::contains);
        }
        // 16 commands, of which those for the status of all ask for processes and for pools.
        assertThat(monitor.calls.size()).isLessThanOrEqualTo(32);
        if (!method.equals("HEAD")
                && answer.header("Content-Type").startsWith("application/json")) {
            assertThat(answer.body().getBytes(UTF_8))
                    .hasSize(Integer.parseInt(answer.header("Content-Length")));
            assertThat(documents(answer.body())).as(answer.body()).isEqualTo(1);
        }
        boolean page = answer.header("Content-Type").startsWith("text/html");
        if (page) {
            assertThat(method).isEqualTo("GET");
            assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
            assertThat(calls).isEmpty();
        }
        if (status.charAt(0) != '2' && !page) {
            assertThat(answer.header("Content-Type")).isEqualTo("application/json");
            assertThat(method.equals("HEAD") ? "{\"status\": " + status : answer.body())
                    .startsWith("{\"status\": " + status);
        }
    }

    /** How many JSON documents stand one after the other. */
    private int documents(String text) {
        int documents = 0;
        int depth = 0;
        try (JsonParser parser = json.createParser(ObjectReadContext.empty(), text)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                documents += depth == 0 ? 1 : 0;
            }
        }
        return documents;
    }
}
