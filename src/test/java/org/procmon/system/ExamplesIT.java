package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.procmon.system.TestMonitor.patiently;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each example starts as its README says, as far as that needs no container and no systemd. */
@Timeout(120)
class ExamplesIT {
    private static final Path EXAMPLES = Path.of("examples");

    @TempDir Path folder = Path.of("");

    private void copy(String example, String port) throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES.resolve(example))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file).replace("8000", port);
                Files.writeString(folder.resolve(file.getFileName()), text);
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String curl(String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("curl", "-fsS");
        builder.command().addAll(List.of(arguments));
        return TestProduct.run(builder).out();
    }

    @Test
    void theWebAppTakesAnOrderAndDoesIt() throws Exception {
        String port = String.valueOf(freePort());
        copy("web-app", port);
        String file = folder.resolve("procmon.json").toString();
        assertThat(TestProduct.procmon(folder, "check", "--strict", file).code()).isZero();
        try (TestMonitor pair = TestMonitor.start(folder, List.of(), "run", file)) {
            pair.awaitState("worker.1", "running");
            pair.awaitState("worker.2", "running");
            assertThat(pair.row("schema").state()).isEqualTo("completed");

            String url = "http://127.0.0.1:" + port + "/";
            assertThat(curl("-d", "", url)).isEqualTo("order 1\n");
            patiently().until(() -> curl(url).equals("0 open, 1 done\n"));
            patiently()
                    .until(() ->
                            pair.cli("tail", "worker.2")
                                    .out()
                                    .equals("order 1 done by worker 2\n"));

            pair.must("start", "report");
            patiently().until(() -> pair.cli("tail", "report").out().equals("1\n"));
        }
        assertThat(folder.resolve("database.sock")).doesNotExist();
    }

    @Test
    void eachScriptIsAlwaysRunByTheSamePhpWorker() throws Exception {
        String port = String.valueOf(freePort());
        copy("php-workers", port);
        String file = folder.resolve("procmon.json").toString();
        assertThat(TestProduct.procmon(folder, "check", "--strict", file).code()).isZero();
        String url = "http://127.0.0.1:" + port + "/app";
        for (int i = 0; i < 10; i++) {
            Files.copy(folder.resolve("app.php"), folder.resolve("app" + i + ".php"));
        }
        try (TestMonitor _ = TestMonitor.start(folder, List.of(), "run", file)) {
            patiently().until(() -> curl(url + ".php").matches("worker [123]\n"));
            Set<String> workers = new HashSet<>();
            for (int i = 0; i < 10; i++) {
                String answer = curl(url + i + ".php");
                assertThat(curl(url + i + ".php")).isEqualTo(answer);
                workers.add(answer);
            }
            assertThat(workers).hasSizeGreaterThan(1);
        }
        for (int worker = 0; worker < 3; worker++) {
            assertThat(folder.resolve("app.sock-" + worker)).doesNotExist();
        }
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private static Path open(Path file) throws IOException {
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void own(Path file, String user) throws IOException {
        Files.setOwner(
                file,
                file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user));
    }

    /** Copies a program beside its place, then renames it. */
    private void install(Path program) throws IOException {
        Path hidden = Files.copy(folder.resolve("hello.fcgi"), program.resolveSibling(".new"));
        if (isRoot()) {
            own(hidden, "www-data");
        }
        Files.move(open(hidden), program);
    }

    @Test
    void aProgramAnswersAsSoonAsItIsInTheFolder() throws Exception {
        String port = String.valueOf(freePort());
        copy("drop-ins", port);
        Path apps = open(Files.createDirectory(open(folder).resolve("apps")));
        assertThat(EXAMPLES.resolve("drop-ins/hello.fcgi").toFile().canExecute()).isTrue();
        String file = folder.resolve("procmon.json").toString();
        assertThat(TestProduct.procmon(folder, "check", "--strict", file).code()).isZero();
        String url = "http://127.0.0.1:" + port;
        try (TestMonitor _ = TestMonitor.start(folder, List.of(), "run", "--no-backup", file)) {
            install(apps.resolve("hello.fcgi"));
            patiently()
                    .ignoreExceptions()
                    .until(() -> curl(url + "/hello.fcgi").equals("hello from /hello.fcgi\n"));
            Files.writeString(apps.resolve("hello.fcgi.env"), "GREETING=welcome\n");
            patiently().until(() -> curl(url + "/hello.fcgi").startsWith("welcome from"));
            open(Files.createDirectory(apps.resolve("deep")));
            install(apps.resolve("deep/again.fcgi"));
            patiently()
                    .ignoreExceptions()
                    .until(() -> curl(url + "/deep/again.fcgi/x").endsWith(" /deep/again.fcgi\n"));
            Files.delete(apps.resolve("deep/again.fcgi"));
            patiently().until(() -> Files.notExists(apps.resolve("deep/again.fcgi.sock")));
        }
        assertThat(apps.resolve("hello.fcgi.sock")).doesNotExist();
    }

    @Test
    void aProgramInGoIsADropInOrListensItself() throws Exception {
        String port = String.valueOf(freePort());
        copy("drop-ins", port);
        Path apps = open(Files.createDirectory(open(folder).resolve("apps")));
        Path hidden = apps.resolve(".go");
        ProcessBuilder go = new ProcessBuilder("go", "build", "-o", hidden.toString(), "hello.go");
        go.directory(folder.toFile()).environment().put("GOCACHE", folder.resolve("go").toString());
        assertThat(TestProduct.run(go).code()).isZero();
        if (isRoot()) {
            own(hidden, "www-data");
        }
        Path socket = folder.resolve("own.sock");
        Process alone = new ProcessBuilder(hidden.toString(), socket.toString()).start();
        try {
            patiently().until(() -> Files.exists(socket));
        } finally {
            alone.destroy();
            alone.waitFor();
        }
        String file = folder.resolve("procmon.json").toString();
        try (TestMonitor _ = TestMonitor.start(folder, List.of(), "run", "--no-backup", file)) {
            Files.move(hidden, apps.resolve("go.fcgi"));
            String url = "http://127.0.0.1:" + port + "/go.fcgi";
            patiently()
                    .ignoreExceptions()
                    .until(() -> curl(url).matches("hello from /go\\.fcgi in Go\n"));
        }
    }

    @Test
    void aProgramInGoOpensTheSocketThatItsArgumentNames() throws Exception {
        String port = String.valueOf(freePort());
        copy("drop-ins", port);
        Path apps = open(Files.createDirectory(open(folder).resolve("apps")));
        Path hidden = apps.resolve(".go");
        ProcessBuilder go = new ProcessBuilder("go", "build", "-o", hidden.toString(), "hello.go");
        go.directory(folder.toFile()).environment().put("GOCACHE", folder.resolve("go").toString());
        assertThat(TestProduct.run(go).code()).isZero();
        if (isRoot()) {
            own(hidden, "www-data");
        }
        String file = folder.resolve("argument.json").toString();
        assertThat(TestProduct.procmon(folder, "check", "--strict", file).code()).isZero();
        try (TestMonitor _ = TestMonitor.start(folder, List.of(), "run", "--no-backup", file)) {
            Files.move(hidden, apps.resolve("go.fcgi"));
            String url = "http://127.0.0.1:" + port + "/go.fcgi";
            patiently()
                    .ignoreExceptions()
                    .until(() -> curl(url).matches("hello from /go\\.fcgi in Go\n"));
            Files.delete(apps.resolve("go.fcgi"));
            patiently().until(() -> apps.toFile().list().length == 0);
        }
    }

    @Test
    void scriptsAreRunByAPool() throws Exception {
        String port = String.valueOf(freePort());
        copy("cgi", port);
        Path bin = open(Files.createDirectory(open(folder).resolve("cgi-bin")));
        for (String name : List.of("hello.py", "hello.pl")) {
            open(Files.copy(EXAMPLES.resolve("cgi/cgi-bin").resolve(name), bin.resolve(name)));
        }
        Path file = folder.resolve("procmon.json");
        if (!isRoot()) {
            Files.writeString(file, Files.readString(file).replace("\"user\": \"www-data\",", ""));
        }
        assertThat(TestProduct.procmon(folder, "check", "--strict", "" + file).code()).isZero();
        String url = "http://127.0.0.1:" + port + "/cgi-bin/";
        try (TestMonitor _ =
                TestMonitor.start(folder, List.of(), "run", "--no-backup", "" + file)) {
            patiently()
                    .ignoreExceptions()
                    .until(() ->
                            curl("-d", "text", url + "hello.py/more")
                                    .equals("python POST /more text\n"));
            assertThat(curl(url + "hello.pl?a=1")).isEqualTo("perl a=1\n");
        }
    }

    @Test
    void aLostWorkerOfAPortIsReplaced() throws Exception {
        String port = String.valueOf(freePort());
        String backend = String.valueOf(freePort());
        copy("julia", port);
        for (String name : List.of("procmon.json", "lighttpd.conf")) {
            Path file = folder.resolve(name);
            Files.writeString(file, Files.readString(file).replace("4545", backend));
        }
        open(folder.resolve("worker.py"));
        String file = folder.resolve("procmon.json").toString();
        assertThat(TestProduct.procmon(folder, "check", "--strict", file).code()).isZero();
        String url = "http://127.0.0.1:" + port + "/app?q";
        try (TestMonitor monitor =
                TestMonitor.start(folder, List.of(), "run", "--no-backup", file)) {
            Pattern answer = Pattern.compile("worker (\\d+): q\n");
            patiently().ignoreExceptions().until(() -> answer.matcher(curl(url)).matches());
            for (int i = 0; i < 5; i++) {
                Matcher given = answer.matcher(curl(url));
                assertThat(given.matches()).isTrue();
                ProcessHandle worker =
                        ProcessHandle.of(Long.parseLong(given.group(1))).orElseThrow();
                worker.destroy();
                // Until then it may take the next client with it.
                patiently().until(() -> !worker.isAlive());
            }
            patiently().until(() -> running(monitor) == 3);
        }
        assertThat(copyOf("conf/julia.json")).contains("127.0.0.1:4545");
        checksWithoutJulia();
        servesUnderSpawnFcgi(backend);
    }

    private static long running(TestMonitor monitor) throws Exception {
        return monitor.rows().stream()
                .filter(row -> row.name().startsWith("julia.") && row.state().equals("running"))
                .count();
    }

    private static String copyOf(String file) throws IOException {
        return Files.readString(Path.of(file));
    }

    /** Debian has no Julia, which is all that is wrong. */
    private void checksWithoutJulia() throws IOException {
        Outcome outcome = TestProduct.procmon(folder, "check", "conf/julia.json");
        assertThat(outcome.code()).isZero();
        assertThat(outcome.err().lines().filter(line -> !line.contains("'julia'"))).isEmpty();
    }

    private void servesUnderSpawnFcgi(String port) throws IOException {
        ProcessBuilder spawn =
                new ProcessBuilder(
                        "spawn-fcgi", "-n", "-a", "127.0.0.1", "-p", port, "--", "./worker.py");
        Process worker = spawn.directory(folder.toFile()).start();
        String config = folder.resolve("lighttpd.conf").toString();
        Process lighttpd =
                new ProcessBuilder("/usr/sbin/lighttpd", "-D", "-f", config)
                        .directory(folder.toFile())
                        .start();
        try {
            String url =
                    copyOf(config)
                            .replaceAll("(?s).*port = (\\d+)\n.*", "http://127.0.0.1:$1/app?q");
            patiently().ignoreExceptions().until(() -> curl(url).matches("worker \\d+: q\n"));
        } finally {
            for (Process one : List.of(lighttpd, worker)) {
                one.destroy();
                one.onExit().join();
            }
        }
    }

    @Test
    void eachUserHasASite() throws Exception {
        assumeTrue(isRoot());
        String port = String.valueOf(freePort());
        copy("sites", port);
        Path www = open(Files.createDirectory(open(folder).resolve("www")));
        Path run = open(Files.createDirectory(folder.resolve("run")));
        for (String name : List.of("procmon.json", "nginx.conf")) {
            String text = Files.readString(folder.resolve(name));
            Files.writeString(
                    folder.resolve(name),
                    text.replace("/srv/www", www.toString())
                            .replace("/run/php", run.toString())
                            // The users of the test are those of the system.
                            .replace("\"min_uid\": 1000", "\"min_uid\": 1"));
        }
        String file = folder.resolve("procmon.json").toString();
        assertThat(TestProduct.procmon(folder, "check", "--strict", file).code()).isZero();
        String url = "http://127.0.0.1:" + port + "/a/page?n=1";
        try (TestMonitor _ = TestMonitor.start(folder, List.of(), "run", "--no-backup", file)) {
            for (String user : List.of("man", "news")) {
                Path site = Files.createDirectory(www.resolve(".new"));
                own(Files.copy(folder.resolve("index.php"), site.resolve("index.php")), user);
                own(open(site), user);
                Files.move(site, www.resolve("blog-" + user));
                patiently()
                        .ignoreExceptions()
                        .until(() ->
                                curl("-H", "Host: blog-" + user + ".example.com", url)
                                        .equals(
                                                "blog-%s of %s: /a/page?n=1\n"
                                                        .formatted(user, user)));
            }
            assertThat(curl("-o", "/dev/null", "-w", "%{http_code}", url)).isEqualTo("404");
            assertThat(
                            curl(
                                    "-H",
                                    "Host: none.example.com",
                                    "-o",
                                    "/dev/null",
                                    "-w",
                                    "%{http_code}",
                                    url))
                    .isEqualTo("404");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"container", "systemd-unit"})
    void theConfigurationHasNoProblemAndNoWarning(String example) throws IOException {
        String text = Files.readString(EXAMPLES.resolve(example).resolve("procmon.json"));
        if (!System.getProperty("user.name").equals("root")) {
            // Only root may run a program as another user.
            text = text.replace("\"user\": \"www-data\",", "");
        }
        String file = Files.writeString(folder.resolve("procmon.json"), text).toString();
        Outcome outcome = TestProduct.procmon(folder, "check", "--strict", file);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.out() + outcome.err()).contains("no problems");
    }

    @Test
    void theContainerExampleRuns() throws IOException {
        String text = Files.readString(EXAMPLES.resolve("container/Dockerfile"));
        assertThat(text)
                .contains("COPY procmon /opt/procmon\n", "COPY procmon.json /etc/procmon.json\n")
                .containsPattern(
                        Pattern.compile(
                                "^ENTRYPOINT \\[\"/opt/procmon/bin/procmon\", \"run\", "
                                        + ".*\"/etc/procmon.json\"]$",
                                Pattern.MULTILINE));
    }

    @Test
    void theUnitIsThatOfTheGuide() throws IOException {
        String unit = Files.readString(EXAMPLES.resolve("systemd-unit/procmon.service"));
        assertThat(unit).contains("Type=notify\n", "KillMode=process\n", "Delegate=yes\n");
        assertThat(Files.readString(Path.of("docs/guide/systemd.md")))
                .contains("```ini\n" + unit + "```");
    }
}
