package org.procmon.system.http;

import static org.procmon.system.http.Stage.patiently;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real browser without a window, with one tab. It takes every name below {@code example} for this
 * machine.
 *
 * <p>Source: the Chrome DevTools Protocol.
 */
final class Chromium implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 20;

    private final Running browser;
    private final HttpClient http = HttpClient.newHttpClient();
    private final WebSocket socket;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<Map<String, String>>> calls =
            new ConcurrentHashMap<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final StringBuilder message = new StringBuilder();
    private volatile CompletableFuture<Void> loaded = new CompletableFuture<>();
    private String session = "";

    Chromium(Stage stage) throws IOException {
        Path profile = stage.file("chromium");
        browser =
                stage.start(
                        "chromium",
                        "env",
                        "HOME=" + stage.file("home"),
                        "TMPDIR=" + Files.createDirectories(stage.file("home")),
                        Programs.chromium(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "--host-resolver-rules=MAP *.example 127.0.0.1",
                        "about:blank");
        Path told = profile.resolve("DevToolsActivePort");
        List<String> lines =
                patiently()
                        .until(
                                () -> Files.exists(told) ? Files.readAllLines(told) : List.of(),
                                l -> l.size() == 2);
        URI uri = URI.create("ws://127.0.0.1:" + lines.getFirst() + lines.get(1));
        socket = http.newWebSocketBuilder().buildAsync(uri, new Listener()).join();
        Map<String, String> targets = send("Target.getTargets", "{}");
        int page = 0;
        while (!value(targets, "result.targetInfos." + page + ".type").equals("page")) {
            page++;
        }
        String target = value(targets, "result.targetInfos." + page + ".targetId");
        session =
                value(
                        send(
                                "Target.attachToTarget",
                                "{\"flatten\":true,\"targetId\":" + FlatJson.quoted(target) + "}"),
                        "result.sessionId");
        send("Page.enable", "{}");
        send("Log.enable", "{}");
    }

    /** Opens an address as if it were typed. */
    void open(String address) {
        awaitLoad(() -> send("Page.navigate", "{\"url\":" + FlatJson.quoted(address) + "}"));
    }

    /** Runs a script that leads to another page, and waits for that. */
    void follow(String script) {
        awaitLoad(() -> run(script));
    }

    /** What a script in the page, or its promise, comes to, as text. */
    String run(String script) {
        Map<String, String> answer =
                send(
                        "Runtime.evaluate",
                        "{\"awaitPromise\":true,\"returnByValue\":true,\"userGesture\":true,"
                                + "\"expression\":"
                                + FlatJson.quoted(script)
                                + "}");
        return answer.getOrDefault("result.result.value", "");
    }

    /** What the browser has complained about. */
    List<String> complaints() {
        return complaints;
    }

    @Override
    public void close() throws IOException {
        session = "";
        CompletableFuture<?> answer = call("Browser.close", "{}");
        browser.exitCode();
        // It may be gone before it answers.
        answer.cancel(true);
        http.close();
    }

    private void awaitLoad(Runnable action) {
        CompletableFuture<Void> next = new CompletableFuture<>();
        loaded = next;
        action.run();
        next.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    private Map<String, String> send(String method, String parameters) {
        Map<String, String> answer =
                call(method, parameters).orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        if (answer.containsKey("error") || answer.containsKey("result.exceptionDetails")) {
            throw new AssertionError(method + " " + parameters + ": " + answer);
        }
        return answer;
    }

    private CompletableFuture<Map<String, String>> call(String method, String parameters) {
        int id = ids.incrementAndGet();
        CompletableFuture<Map<String, String>> answer = new CompletableFuture<>();
        calls.put(id, answer);
        String target = session.isEmpty() ? "" : "\"sessionId\":\"" + session + "\",";
        socket.sendText(
                        "{%s\"id\":%d,\"method\":\"%s\",\"params\":%s}"
                                .formatted(target, id, method, parameters),
                        true)
                .join();
        return answer;
    }

    private static String value(Map<String, String> answer, String path) {
        String value = answer.get(path);
        if (value == null) {
            throw new AssertionError("no " + path + " in " + answer);
        }
        return value;
    }

    private final class Listener implements WebSocket.Listener {
        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            message.append(part);
            if (last) {
                Map<String, String> whole = FlatJson.read(message.toString());
                message.setLength(0);
                CompletableFuture<Map<String, String>> call =
                        calls.remove(Integer.valueOf(whole.getOrDefault("id", "0")));
                if (call != null) {
                    call.complete(whole);
                } else if (whole.getOrDefault("method", "").equals("Page.loadEventFired")) {
                    loaded.complete(null);
                } else if (whole.containsKey("params.entry.text")) {
                    complaints.add(whole.get("params.entry.text"));
                }
            }
            from.request(1);
            return CompletableFuture.completedStage(null);
        }
    }
}
