package org.procmon.system.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.procmon.system.pool.PoolStage.patiently;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What was imported from a spawner of FastCGI applications answers requests as there. */
@Timeout(120)
class PoolImportIT {
    /** Answers with what a pool has configured. */
    private static final String SCRIPT =
            """
            <?php
            echo ini_get('memory_limit'), ' ', getenv('STAGE'), ' ', getenv('PHP_FCGI_MAX_REQUESTS');
            """;

    /** Answers with its arguments and its query, in the place of a server that few have. */
    private static final String STAND_IN =
            """
            #!/usr/bin/perl
            use FCGI;
            my %params;
            my $request = FCGI::Request(\\*STDIN, \\*STDOUT, \\*STDERR, \\%params);
            while ($request->Accept() >= 0) {
                print "Content-Type: text/plain\\r\\n\\r\\n@ARGV $params{QUERY_STRING}";
            }
            """;

    @TempDir Path folder = Path.of("");
    private PoolStage stage;

    @BeforeEach
    void begin() throws IOException {
        stage = new PoolStage(folder);
    }

    @AfterEach
    void end() throws IOException {
        stage.close();
    }

    /** The configuration that an import gives; what it tells is added to the notes. */
    private String imported(List<String> notes, String... operands) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(PeerPrograms.product().resolve("bin/procmon").toString());
        command.add("import");
        command.addAll(List.of(operands));
        Path out = folder.resolve("imported.json");
        Path err = folder.resolve("imported.err");
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().put("STAGE", "live");
        Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        process.getOutputStream().close();
        int code = process.waitFor();
        assertThat(code).as(Files.readString(err)).isZero();
        for (String line : Files.readAllLines(err)) {
            notes.add(line.replace(folder + "/", ""));
        }
        return Files.readString(out);
    }

    private static SocketAddress port(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    @Test
    void aPoolOfPhpFpmAnswersWithItsSettings() throws Exception {
        int port = PoolStage.freePort();
        String user = PeerPrograms.areRunByRoot() ? "user = www-data\n" : "";
        Path script = stage.write("settings.php", SCRIPT);
        Path file =
                stage.write(
                        "www.conf",
                        """
                        [www]
                        %slisten = 127.0.0.1:%d
                        pm = ondemand
                        pm.max_children = 2
                        pm.max_requests = 20
                        env[STAGE] = "$pool stage"
                        php_admin_value[memory_limit] = 33M
                        pm.status_path = /status
                        """
                                .formatted(user, port));
        List<String> notes = new ArrayList<>();
        String configuration = imported(notes, "php-fpm", file.toString());

        assertThat(notes)
                .hasSize(2)
                .last()
                .isEqualTo(
                        "www.conf:9: [www] pm.status_path: no equivalent: '?pool=ID' of fcgi_proc"
                                + " answers with this page");
        stage.monitorOf(configuration);
        assertThat(stage.workers("www")).isEmpty();
        try (PoolClient client = new PoolClient(port(port))) {
            assertThat(client.get("", script)).isEqualTo("33M www stage 20");
        }
        patiently().until(() -> stage.workers("www").size() == 1);
    }

    @Test
    void aCommandOfSpawnFcgiAnswersOnItsSocket() throws Exception {
        Path socket = stage.file("php.sock");
        Path script = stage.write("settings.php", SCRIPT);
        String user = PeerPrograms.areRunByRoot() ? "-u www-data -U www-data -M 0600 " : "";
        List<String> notes = new ArrayList<>();
        String configuration =
                imported(
                        notes,
                        "spawn-fcgi",
                        "PHP_FCGI_MAX_REQUESTS=30 STAGE='a b' spawn-fcgi -s '%s' %s-C 2 -- %s"
                                .formatted(
                                        socket,
                                        user,
                                        PeerPrograms.find("php-cgi", "php-cgi")
                                                + " -d memory_limit=34M"));
        assertThat(notes)
                .contains(
                        "spawn-fcgi:1: -C: procmon starts as many workers itself, without"
                                + " PHP_FCGI_CHILDREN");
        stage.monitorOf(configuration);
        try (PoolClient client = PoolClient.ofPath(socket)) {
            assertThat(client.get("", script)).isEqualTo("34M a b 30");
        }
        patiently().until(() -> stage.workers("php-cgi").size() == 2);
        if (PeerPrograms.areRunByRoot()) {
            assertThat(Files.getOwner(socket).getName()).isEqualTo("www-data");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void aProgramThatSpawnFcgiStartsInARootOfItsOwnAnswers() throws Exception {
        assumeTrue(PeerPrograms.areRunByRoot());
        Path root = Files.createDirectory(stage.file("root"));
        String name = PeerPrograms.staticApplication(root).getFileName().toString();
        List<String> notes = new ArrayList<>();
        stage.monitorOf(
                imported(
                        notes,
                        "spawn-fcgi",
                        "spawn-fcgi -s /app.sock -c %s -u www-data -- /%s".formatted(root, name)));
        // It makes the socket in there too.
        try (PoolClient client = PoolClient.ofPath(root.resolve("app.sock"))) {
            assertThat(client.get("n=1")).startsWith("n=1 ");
        }
        int worker = stage.workers(name).getFirst();
        assertThat(Files.readSymbolicLink(Path.of("/proc/" + worker + "/root"))).isEqualTo(root);
    }

    @Test
    void aScriptOfSpawnFcgiAnswersOnItsPort() throws Exception {
        int port = PoolStage.freePort();
        Path script = stage.write("settings.php", SCRIPT);
        Path file =
                stage.write(
                        "spawn-php.sh",
                        """
                        FCGIPROGRAM="%s"
                        FCGIPORT="%d"
                        PHP_FCGI_CHILDREN=3
                        PHP_FCGI_MAX_REQUESTS=40
                        FCGI_WEB_SERVER_ADDRS="127.0.0.1"
                        STAGE="in the file"
                        ALLOWED_ENV="PATH STAGE"
                        EX="spawn-fcgi -a 127.0.0.1 -p $FCGIPORT -C $PHP_FCGI_CHILDREN -- $FCGIPROGRAM"
                        env - $E $EX
                        """
                                .formatted(PeerPrograms.find("php-cgi", "php-cgi"), port));
        List<String> notes = new ArrayList<>();
        stage.monitorOf(imported(notes, "spawn-php", file.toString()));
        assertThat(notes).hasSize(1);
        try (PoolClient client = new PoolClient(port(port))) {
            assertThat(client.get("", script)).isEqualTo("128M in the file 40");
        }
        patiently().until(() -> stage.workers("php-cgi").size() == 3);
    }

    @Test
    void lighttpdFindsItsApplicationsWhereItHasLookedForThem() throws Exception {
        String socket = stage.file("php.sock").toString();
        stage.write("settings.php", SCRIPT);
        int port = PoolStage.freePort();
        String server =
                """
                %sserver.modules = ( "mod_fastcgi" )
                server.bind = "127.0.0.1"
                server.port = %d
                server.document-root = "%s"
                """
                        .formatted(
                                PeerPrograms.areRunByRoot()
                                        ? "server.username = \"www-data\"\nserver.groupname ="
                                                + " \"www-data\"\n"
                                        : "",
                                port,
                                folder);
        Path file =
                stage.write(
                        "spawning.conf",
                        server
                                + """
                                fastcgi.server = ( ".php" => ((
                                    "bin-path" => "%s -d memory_limit=35M",
                                    "socket" => "%s",
                                    "max-procs" => 2,
                                    "bin-environment" => ( "STAGE" => "of lighttpd" ),
                                    "bin-copy-environment" => ( "PATH" ),
                                    "broken-scriptfilename" => "enable"
                                )))
                                """
                                        .formatted(
                                                PeerPrograms.find("php-cgi", "php-cgi"), socket));
        List<String> notes = new ArrayList<>();
        String configuration = imported(notes, "lighttpd", file.toString());
        assertThat(notes).isEmpty();
        stage.monitorOf(configuration);
        patiently().until(() -> stage.workers("php-cgi").size() == 2);
        for (int worker = 0; worker < 2; worker++) {
            try (PoolClient client = PoolClient.ofPath(Path.of(socket + "-" + worker))) {
                assertThat(client.get("", stage.file("settings.php")))
                        .isEqualTo("35M of lighttpd 0");
            }
        }

        String block =
                configuration
                        .lines()
                        .dropWhile(line -> !line.startsWith("// fastcgi.server"))
                        .takeWhile(line -> line.startsWith("// "))
                        .map(line -> line.substring(3))
                        .collect(Collectors.joining("\n"));
        assertThat(block).contains("broken-scriptfilename").doesNotContain("bin-path");
        Path after = stage.write("after.conf", server + block + "\n");
        PeerProcess lighttpd =
                stage.start(
                        "lighttpd",
                        PeerPrograms.find("lighttpd", "lighttpd"),
                        "-D",
                        "-f",
                        after.toString());
        try (HttpClient client = HttpClient.newHttpClient()) {
            patiently()
                    .ignoreExceptions()
                    .untilAsserted(() -> {
                        lighttpd.mustLive();
                        assertThat(
                                        FrontServer.get(
                                                client,
                                                "http://127.0.0.1:%d/settings.php".formatted(port)))
                                .isEqualTo("35M of lighttpd 0");
                    });
        }
        assertThat(stage.workers("php-cgi")).hasSize(2);
    }

    @Test
    void aFileOfMonoFpmReachesItsServerWhole() throws Exception {
        stage.program("fastcgi-mono-server4", STAND_IN);
        Path template =
                stage.write(
                        "template",
                        """
                        <Settings>
                          <Setting Name="socket" Value="unix://600@%s/$(filename).sock"/>
                          <Setting Name="applications" Value="/:/srv/$(filename)"/>
                          <Setting Name="idle-time" Value="20"/>
                          <Setting Name="group" Value="%s"/>
                        </Settings>
                        """
                                .formatted(
                                        folder,
                                        Files.getAttribute(folder, "posix:group").toString()));
        Path sites = Files.createDirectory(stage.file("sites"));
        Path site = Files.createSymbolicLink(sites.resolve("one.xml"), template);
        List<String> notes = new ArrayList<>();
        String configuration = imported(notes, "mono-fpm", sites.toString());

        assertThat(notes)
                .containsExactly(
                        "sites/one.xml:1: without 'user' it runs as the owner of the file, "
                                + Files.getOwner(site, LinkOption.NOFOLLOW_LINKS).getName());
        stage.monitorOf(configuration);
        assertThat(stage.workers("one")).isEmpty();
        Path socket = stage.file("one.sock");
        try (PoolClient client = PoolClient.ofPath(socket)) {
            assertThat(client.get("q=1")).isEqualTo("--configfile " + site + " --socket=pipe q=1");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-------");
    }

    @Test
    void workersOfJuliaShareTheirAddressAndAreReplaced() throws Exception {
        stage.program("julia", STAND_IN);
        int port = PoolStage.freePort();
        List<String> notes = new ArrayList<>();
        String configuration =
                imported(
                        notes,
                        "julia-fpm",
                        "-l",
                        "127.0.0.1:" + port,
                        "-w",
                        "2",
                        "-s",
                        "/srv/worker.jl",
                        "--",
                        "-x");
        assertThat(notes).hasSize(1);
        stage.monitorOf(configuration);
        patiently().until(() -> stage.workers("worker").size() == 2);
        try (PoolClient client = new PoolClient(port(port))) {
            assertThat(client.get("q=1")).isEqualTo("/srv/worker.jl -x q=1");
            List<Integer> before = stage.workers("worker");
            assertThat(ProcessHandle.of(before.getFirst()).orElseThrow().destroyForcibly())
                    .isTrue();
            patiently()
                    .until(() ->
                            stage.workers("worker").size() == 2
                                    && !stage.workers("worker").contains(before.getFirst()));
            assertThat(client.get("q=2")).isEqualTo("/srv/worker.jl -x q=2");
        }
    }
}
