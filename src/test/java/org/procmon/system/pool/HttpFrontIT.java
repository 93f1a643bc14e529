package org.procmon.system.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.pool.PoolStage.patiently;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The front that a monitor supervises: what it serves, and what happens when it dies. */
@Timeout(180)
class HttpFrontIT {
    /** Prints the variables that web servers agree on; one a line. */
    private static final String VARIABLES =
            """
            <?php
            header('Content-Type: text/plain');
            foreach ($_SERVER as $name => $value) {
                if (is_string($value)) {
                    echo $name, '=', $value, "\\n";
                }
            }
            echo 'body=', file_get_contents('php://input'), "\\n";
            """;

    /** What differs between web servers, or between two runs, and no application relies on. */
    private static final List<String> OWN =
            List.of(
                    "SERVER_SOFTWARE=",
                    "HTTP_CONTENT_",
                    "REMOTE_USER=",
                    "SERVER_PORT=",
                    "SERVER_NAME=",
                    "REMOTE_PORT=",
                    "HTTP_HOST=",
                    "REQUEST_TIME",
                    "FCGI_ROLE=",
                    "DOCUMENT_URI=",
                    "PATH_TRANSLATED=",
                    "PATH_INFO=",
                    "ORIG_",
                    "PROCMON_",
                    "PHP_FCGI_",
                    "PATH=",
                    "PWD=",
                    "HOME=",
                    "USER=",
                    "LOGNAME=",
                    "SHELL=");

    @TempDir Path folder = Path.of("");
    private PoolStage stage;
    private Path www = Path.of("");
    private int port;
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeEach
    void begin() throws IOException {
        stage = new PoolStage(folder);
        www = PeerPrograms.openFolder(Files.createDirectory(stage.file("www").toAbsolutePath()));
        port = PoolStage.freePort();
    }

    @AfterEach
    void end() throws IOException {
        http.close();
        stage.close();
    }

    private void monitor(String others, String routes) throws IOException {
        stage.configured(configuration(others, routes));
        awaitFront();
    }

    private String configuration(String others, String routes) {
        return "{%s 'http': {'listen': '127.0.0.1:%d', 'routes': [%s]}}"
                .formatted(others.isEmpty() ? "" : others + ",", port, routes);
    }

    private void awaitFront() {
        patiently()
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> get("/").statusCode() > 0);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build());
    }

    private HttpResponse<String> send(HttpRequest request)
            throws IOException, InterruptedException {
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static String user() throws IOException {
        return PeerPrograms.areRunByRoot() ? "'user': 'www-data', " : "";
    }

    private String php() throws IOException {
        return "{'id': 'php', 'exec': 'php-cgi', %s'listen': '%s', 'workers': 2}"
                .formatted(user(), stage.file("php.sock"));
    }

    private String application(int workers) throws IOException {
        return "{'id': 'app', 'exec': '%s', %s'listen': '%s', 'workers': %d}"
                .formatted(PeerPrograms.application(), user(), stage.file("app.sock"), workers);
    }

    @Test
    void routesAreTriedInTheirOrder() throws Exception {
        Files.writeString(www.resolve("page.php"), "<?php echo 'php ' . $_GET['n'];");
        Files.writeString(www.resolve("index.html"), "the index");
        Files.writeString(www.resolve("page.txt"), "a text");
        Path apps = PeerPrograms.openFolder(Files.createDirectory(stage.file("apps")));
        Path app = Files.copy(PeerPrograms.application(), apps.resolve("my-app.fcgi"));
        Files.setPosixFilePermissions(app, PosixFilePermissions.fromString("rwxr-xr-x"));
        monitor(
                "'dropins': [{'directory': 'apps', %s'listen': '$(path).sock'}], 'pools': [%s]"
                        .formatted(user(), php()),
                """
                {'path': '/procs', 'serve': 'control'},
                {'path': '/apps', 'dropin': 'apps'},
                {'match': '*.php', 'pool': 'php', 'root': 'www'},
                {'path': '/', 'static': {'directory': 'www'}}\
                """);

        assertThat(get("/").body()).isEqualTo("the index");
        assertThat(get("/page.txt").body()).isEqualTo("a text");
        assertThat(get("/page.php?n=4").body()).isEqualTo("php 4");
        assertThat(get("/page.php/more?n=5").body()).isEqualTo("php 5");
        assertThat(get("/missing.php").statusCode()).isEqualTo(404);
        assertThat(get("/procs?list").body()).contains("\"name\": \"http\"");
        assertThat(get("/apps/my-app.fcgi/users/1").statusCode()).isEqualTo(200);
        assertThat(get("/apps/other.fcgi").statusCode()).isEqualTo(404);
    }

    @Test
    void aDirectoryIsServedWithoutAConfiguration() throws Exception {
        Path apps = PeerPrograms.openFolder(Files.createDirectory(stage.file("apps")));
        Path app = Files.copy(PeerPrograms.application(), apps.resolve("my-app.fcgi"));
        Files.setPosixFilePermissions(app, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(apps.resolve("notes.txt"), "not an application");
        Files.writeString(www.resolve("index.html"), "the index");

        stage.start(
                "serve",
                PeerPrograms.product().resolve("bin/procmon").toString(),
                "serve",
                apps.toString(),
                "--no-backup",
                "--static",
                www.toString(),
                "--listen",
                "127.0.0.1:" + port,
                "--state-dir",
                stage.file("state").toString());
        awaitFront();

        assertThat(get("/").body()).isEqualTo("the index");
        assertThat(stage.workers("apps:my-app.fcgi")).isEmpty();
        assertThat(get("/my-app.fcgi/users/1").statusCode()).isEqualTo(200);
        assertThat(stage.workers("apps:my-app.fcgi")).hasSize(1);
        assertThat(get("/notes.txt").statusCode()).isEqualTo(404);
        assertThat(get("/procs?list").body()).contains("\"name\": \"http\"");
    }

    @Test
    void anApplicationSeesTheVariablesThatItSeesBehindNginx() throws Exception {
        Files.writeString(www.resolve("v.php"), VARIABLES);
        monitor(
                "'pools': [%s]".formatted(php()),
                "{'match': '*.php', 'pool': 'php', 'root': '%s'}".formatted(www));
        int nginx = PoolStage.freePort();
        startNginx(nginx);
        patiently().until(() -> isListening(nginx));

        for (String path : List.of("/v.php", "/v.php?a=1&b=%20%2F", "/v.php?x=a+b&%3d")) {
            for (String method : List.of("GET", "POST", "HEAD", "PUT", "DELETE")) {
                assertThat(variables(port, method, path))
                        .as(method + " " + path)
                        .isEqualTo(variables(nginx, method, path));
            }
        }
    }

    /** Requests that web servers read differently, to files that exist. */
    private static final List<String> ODD_REQUESTS =
            List.of(
                    "GET /v.php? HTTP/1.1\r\nHost: x",
                    "GET //v.php HTTP/1.1\r\nHost: x",
                    "GET /./a/../v.php?x HTTP/1.1\r\nHost: x",
                    "GET /v%2ephp HTTP/1.1\r\nHost: x",
                    "GET /%76.php?%76 HTTP/1.1\r\nHost: x",
                    "GET /%C3%BC;p=1%25%20+/v.php HTTP/1.1\r\nHost: x",
                    "GET /%C3%BC;p=1%25%20+%2Fv.php HTTP/1.1\r\nHost: x",
                    "GET /v.php?a=%zz|<>[]^`{} HTTP/1.1\r\nHost: x",
                    "GET /v.php?a?b=/../&&= HTTP/1.1\r\nHost: x",
                    "GET /v.php?a=\u00c3\u00bc HTTP/1.1\r\nHost: x",
                    "GET http://x/v.php?y HTTP/1.1\r\nHost: x",
                    "GET /v.php HTTP/1.0",
                    "GET /v.php HTTP/1.0\r\nHost: x:80",
                    "GET /v.php HTTP/1.1\r\nHost: X.example",
                    "GET /v.php HTTP/1.1\r\nHost: x\r\nX-Empty:\r\nx-LOWER:  a  b ",
                    "GET /v.php HTTP/1.1\r\nHost: x\r\nProxy: evil\r\nX_Y: z\r\nX-Y: \u00e9",
                    "GET /v.php HTTP/1.1\r\nHost: x\r\nX.Dot: a",
                    "GET /v.php HTTP/1.1\r\nHost: x\r\nContent-Type: a/b",
                    "GET /v.php HTTP/1.1\r\nHost: x\r\nAuthorization: Basic YTpi",
                    "OPTIONS /v.php HTTP/1.1\r\nHost: x",
                    "REPORT /v.php HTTP/1.1\r\nHost: x");

    @Test
    void anApplicationSeesOddRequestsAsBehindNginx() throws Exception {
        Files.writeString(www.resolve("v.php"), VARIABLES);
        Path odd = PeerPrograms.openFolder(Files.createDirectory(www.resolve("\u00fc;p=1% +")));
        Files.writeString(odd.resolve("v.php"), VARIABLES);
        monitor(
                "'pools': [%s]".formatted(php()),
                "{'match': '*.php', 'pool': 'php', 'root': '%s'}".formatted(www));
        int nginx = PoolStage.freePort();
        startNginx(nginx);
        patiently().until(() -> isListening(nginx));

        List<String> differences = new ArrayList<>();
        for (String request : ODD_REQUESTS) {
            List<String> own = rawVariables(port, request);
            List<String> others = rawVariables(nginx, request);
            assertThat(own)
                    .as(request)
                    .anyMatch(line -> line.startsWith("SCRIPT_NAME="))
                    .noneMatch(line -> line.startsWith("HTTP_PROXY"));
            own.stream()
                    .filter(line -> !others.contains(line))
                    .forEach(line -> differences.add(request + ": " + line));
            others.stream()
                    .filter(line -> !own.contains(line))
                    .forEach(line -> differences.add(request + ": nginx: " + line));
        }
        assertThat(differences).isEmpty();
    }

    private static List<String> rawVariables(int server, String request) throws IOException {
        String answer = RawHttp.send(server, request + "\r\nConnection: close\r\n\r\n", false);
        assertThat(answer).as(request).startsWith("HTTP/1.1 200 ");
        TreeSet<String> lines = new TreeSet<>();
        for (String line : answer.substring(answer.indexOf("\r\n\r\n")).split("\r?\n", -1)) {
            boolean isOwn =
                    OWN.stream().anyMatch(line::startsWith) || line.startsWith("HTTP_CONNECTION=");
            // Others are the sizes of chunks.
            if (!isOwn && line.contains("=")) {
                lines.add(line);
            }
        }
        return List.copyOf(lines);
    }

    private void startNginx(int nginx) throws IOException {
        String file =
                stage.write(
                                "nginx.conf",
                                """
                                %s daemon off; worker_processes 1; pid DIR/nginx.pid; error_log DIR/nginx.err;
                                events { worker_connections 64; }
                                http {
                                  access_log off;
                                  client_body_temp_path DIR/t1; proxy_temp_path DIR/t2;
                                  fastcgi_temp_path DIR/t3; uwsgi_temp_path DIR/t4; scgi_temp_path DIR/t5;
                                  server { listen 127.0.0.1:%d; root %s;
                                    location ~ \\.php$ { include /etc/nginx/fastcgi_params;
                                      fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
                                      fastcgi_pass unix:%s; } } }
                                """
                                        .formatted(
                                                PeerPrograms.areRunByRoot() ? "user www-data;" : "",
                                                nginx,
                                                www,
                                                stage.file("php.sock"))
                                        .replace("DIR", stage.file("").toString()))
                        .toString();
        stage.start("nginx", PeerPrograms.find("nginx", "nginx"), "-e", "stderr", "-c", file);
    }

    private static boolean isListening(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private List<String> variables(int server, String method, String path) throws Exception {
        boolean hasBody = method.startsWith("P");
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server + path))
                        .method(
                                method,
                                hasBody
                                        ? HttpRequest.BodyPublishers.ofString("some=body")
                                        : HttpRequest.BodyPublishers.noBody())
                        .version(HttpClient.Version.HTTP_1_1)
                        .header("X-Some-Header", "value, with comma")
                        .header("Cookie", "a=1")
                        .header("Cookie", "b=2")
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("Proxy", "http://evil.example")
                        .header("X_Under_Score", "dropped")
                        .build();
        HttpResponse<String> response = send(request);
        assertThat(response.statusCode()).isEqualTo(200);
        TreeSet<String> lines = new TreeSet<>();
        for (String line : response.body().split("\n", -1)) {
            if (OWN.stream().noneMatch(line::startsWith)) {
                lines.add(line);
            }
        }
        assertThat(lines).noneMatch(line -> line.startsWith("HTTP_PROXY"));
        return List.copyOf(lines);
    }

    /** Sends requests on new connections until it is closed, and counts what is not answered. */
    private final class Load implements AutoCloseable {
        private final AtomicBoolean isOver = new AtomicBoolean();
        private final AtomicInteger served = new AtomicInteger();
        private final List<String> failures = new CopyOnWriteArrayList<>();
        private final List<Thread> threads = new ArrayList<>();

        Load(int clients) {
            for (int i = 0; i < clients; i++) {
                threads.add(Thread.ofPlatform().daemon().start(this::run));
            }
        }

        private void run() {
            while (!isOver.get()) {
                try {
                    String answer =
                            RawHttp.send(
                                    port,
                                    "GET /app HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                                    false);
                    if (answer.startsWith("HTTP/1.1 200 ")) {
                        served.incrementAndGet();
                    } else {
                        failures.add(answer.isEmpty() ? "cut off" : answer);
                    }
                } catch (IOException e) {
                    failures.add(e.toString());
                }
            }
        }

        @Override
        public void close() {
            isOver.set(true);
            for (Thread thread : threads) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new AssertionError(e);
                }
            }
        }
    }

    private int front() {
        return stage.pid("http").orElseThrow();
    }

    @Test
    void aKilledFrontIsReplacedAndNoClientIsRefused() throws Exception {
        int clients = 8;
        monitor("'pools': [%s]".formatted(application(4)), "{'path': '/app', 'pool': 'app'}");
        List<String> failures;
        try (Load load = new Load(clients)) {
            for (int kill = 0; kill < 2; kill++) {
                int before = load.served.get();
                patiently().until(() -> load.served.get() > before + 50);
                int pid = front();
                ProcessHandle.of(pid).orElseThrow().destroyForcibly();
                patiently().until(() -> stage.pid("http").orElse(pid) != pid);
            }
            int before = load.served.get();
            patiently().until(() -> load.served.get() > before + 50);
            failures = load.failures;
        }
        // Each client had one request at the killed front at most; none was refused a connection.
        assertThat(failures).hasSizeLessThanOrEqualTo(2 * clients);
        assertThat(failures).noneMatch(failure -> failure.contains("refused"));
        assertThat(failures).noneMatch(failure -> failure.startsWith("HTTP/"));
    }

    @Test
    void aReloadOfRoutesLosesNoRequest() throws Exception {
        monitor("'pools': [%s]".formatted(application(2)), "{'path': '/app', 'pool': 'app'}");
        Files.writeString(www.resolve("new.txt"), "new");
        int pid = front();
        List<String> failures;
        try (Load load = new Load(4)) {
            failures = load.failures;
            int before = load.served.get();
            patiently().until(() -> load.served.get() > before + 50);
            assertThat(get("/new.txt").statusCode()).isEqualTo(404);
            stage.write(
                    "procmon.json",
                    configuration(
                                    "'pools': [%s]".formatted(application(2)),
                                    "{'path': '/app', 'pool': 'app'},"
                                            + " {'path': '/', 'static': {'directory': 'www'}}")
                            .replace('\'', '"'));
            assertThat(stage.cli("reload")).isZero();
            patiently().until(() -> get("/new.txt").body().equals("new"));
            int after = load.served.get();
            patiently().until(() -> load.served.get() > after + 50);
        }
        assertThat(failures).isEmpty();
        assertThat(front()).isEqualTo(pid);
    }
}
