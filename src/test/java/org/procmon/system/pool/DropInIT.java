package org.procmon.system.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.pool.PoolStage.patiently;

import java.io.IOException;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Programs in a folder are applications, behind web servers with the rules that are shipped. */
@Timeout(180)
class DropInIT {
    @TempDir Path folder = Path.of("");
    private PoolStage stage;
    private Path apps = Path.of("");
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeEach
    void begin() throws IOException {
        stage = new PoolStage(folder);
        apps = PeerPrograms.openFolder(Files.createDirectory(folder.toRealPath().resolve("apps")));
    }

    @AfterEach
    void end() throws IOException {
        http.close();
        stage.close();
    }

    /** Copies the program beside its place, then renames it, as an installation does. */
    private Path install(String name) throws IOException {
        Path target = apps.resolve(name);
        PeerPrograms.openFolder(Files.createDirectories(target.getParent()));
        Path beside =
                Files.copy(
                        PeerPrograms.application(),
                        target.resolveSibling("." + target.getFileName()));
        own(beside);
        return Files.move(beside, target, StandardCopyOption.REPLACE_EXISTING);
    }

    /** As root, programs run as the owner of their file, who must not be root. */
    private static void own(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        if (PeerPrograms.areRunByRoot()) {
            Files.setOwner(
                    file,
                    file.getFileSystem()
                            .getUserPrincipalLookupService()
                            .lookupPrincipalByName("www-data"));
        }
    }

    private void monitor(String keys) throws IOException {
        stage.configured("{'dropins': [{'directory': '" + apps + "'" + keys + "}]}");
    }

    /** With the rule that is shipped, for this folder. */
    private PeerProcess start(ShippedRule server, String shipped, int port) throws IOException {
        return server.start(
                stage,
                port,
                Path.of(shipped),
                Map.of(
                        "/srv/apps",
                        apps,
                        "/usr/local/lib/procmon/lighttpd",
                        Path.of("lighttpd").toAbsolutePath()));
    }

    private HttpResponse<String> get(int port, String path) throws Exception {
        return ShippedRule.get(http, port, path);
    }

    /** The answer, once the application is there. */
    private static String answerOf(Path app, String query) {
        String[] answer = {""};
        patiently()
                .ignoreExceptions()
                .until(() -> {
                    try (PoolClient client = PoolClient.ofPath(Path.of(app + ".sock"))) {
                        answer[0] = client.get(query);
                        return true;
                    }
                });
        return answer[0];
    }

    @ParameterizedTest
    @EnumSource(names = {"NGINX", "APACHE"})
    void aWebServerReachesEachProgramByOneRule(ShippedRule server) throws Exception {
        install("a.fcgi");
        install("shop/a.fcgi");
        monitor("");
        int port = PoolStage.freePort();
        String name = server.name().toLowerCase(Locale.ROOT);
        var _ = start(server, "conf/" + name + "-dropins.conf", port);
        mustServeAndRefuse(port);
        install("later.fcgi");
        patiently().until(() -> get(port, "/apps/later.fcgi?n=1").statusCode() == 200);
        Files.delete(apps.resolve("later.fcgi"));
        patiently().until(() -> get(port, "/apps/later.fcgi").statusCode() == 404);
        assertThat(get(port, "/apps/a.fcgi?n=1").statusCode()).isEqualTo(200);
    }

    private void mustServeAndRefuse(int port) throws Exception {
        HttpResponse<String> first = get(port, "/apps/shop/a.fcgi/users/1?x=2");
        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.body())
                .contains("SCRIPT_NAME=/apps/shop/a.fcgi\n")
                .containsOnlyOnce("\nSCRIPT_NAME=")
                .contains("PATH_INFO=/users/1\n")
                .contains("QUERY_STRING=x=2\n")
                .doesNotContain("PROCMON_");
        assertThat(get(port, "/apps/a.fcgi").body())
                .contains("SCRIPT_NAME=/apps/a.fcgi\n")
                .doesNotContain("PATH_INFO=/");
        for (String path :
                List.of(
                        "none.fcgi",
                        "a.fcgix",
                        "a.fcgi.sock",
                        ".a.fcgi",
                        "shop/none/a.fcgi",
                        "shop/%2e%2e/%2e%2e/apps.fcgi",
                        "a.fcgi%7Cfcgi:%2f%2flocalhost%2f",
                        "%0aa.fcgi")) {
            assertThat(get(port, "/apps/" + path).statusCode()).as(path).isIn(400, 404);
        }
    }

    @Test
    void lighttpdReachesTheProgramsThatItFindsWhenItStarts() throws Exception {
        install("a.fcgi");
        install("shop/a.fcgi");
        install("with blank.fcgi");
        monitor("");
        int port = PoolStage.freePort();
        PeerProcess server = start(ShippedRule.LIGHTTPD, "lighttpd/dropins.conf", port);
        mustServeAndRefuse(port);
        install("later.fcgi");
        answerOf(apps.resolve("later.fcgi"), "n=1");
        assertThat(get(port, "/apps/later.fcgi?n=1").statusCode()).isEqualTo(404);
        Files.delete(apps.resolve("a.fcgi"));
        patiently().until(() -> get(port, "/apps/a.fcgi?n=1").statusCode() == 503);
        Process signal = new ProcessBuilder("kill", "-USR1", "" + server.pid()).start();
        assertThat(signal.waitFor()).isZero();
        patiently()
                .ignoreExceptions()
                .until(() -> get(port, "/apps/later.fcgi?n=1").statusCode() == 200);
        assertThat(get(port, "/apps/a.fcgi?n=1").statusCode()).isEqualTo(404);
    }

    @Test
    void aChangedProgramIsReplacedWithoutALostRequest() throws IOException {
        Path app = install("a.fcgi");
        Path other = install("other.fcgi");
        monitor(", 'mode': 'dynamic', 'workers': {'min': 2, 'max': 4}");
        String before = answerOf(app, "n=1");
        List<Integer> others = workers("other.fcgi", 2);
        List<Integer> old = workers("a.fcgi", 2);
        try (SteadyClients clients =
                new SteadyClients(UnixDomainSocketAddress.of(app + ".sock"), 4, "n=1")) {
            install("a.fcgi");
            patiently().until(() -> stage.workers("apps:a.fcgi").stream().noneMatch(old::contains));
            int served = clients.served();
            patiently().until(() -> clients.served() > served + 20);
        }
        assertThat(answerOf(app, "n=1")).isNotEqualTo(before);
        assertThat(stage.workers("apps:other.fcgi")).containsAll(others);
        assertThat(other).exists();
    }

    private List<Integer> workers(String app, int count) {
        patiently().until(() -> stage.workers("apps:" + app).size() >= count);
        return stage.workers("apps:" + app);
    }

    @Test
    void aProgramThatIsStillCopiedIsNotStarted() throws IOException {
        monitor(", 'mode': 'static', 'workers': 1, 'quiet': '50ms'");
        Path app = apps.resolve("slow.fcgi");
        byte[] bytes = Files.readAllBytes(PeerPrograms.application());
        try (OutputStream out = Files.newOutputStream(app)) {
            own(app);
            out.write(Arrays.copyOf(bytes, bytes.length / 2));
            out.flush();
            // Others are followed meanwhile.
            answerOf(install("quick.fcgi"), "n=1");
            assertThat(stage.workers("apps:slow.fcgi")).isEmpty();
            out.write(bytes, bytes.length / 2, bytes.length - bytes.length / 2);
        }
        assertThat(answerOf(app, "n=1")).startsWith("n=1 ");
        assertThat(stage.cli("explain", "apps:slow.fcgi")).isZero();
        assertThat(Files.readString(stage.file("cli.log"))).doesNotContain("crash");
    }

    @Test
    void explainSaysWhyAProgramIsNotUsed() throws IOException {
        Path app = install("a.fcgi");
        Path plain = install("plain.fcgi");
        Files.setPosixFilePermissions(plain, PosixFilePermissions.fromString("rw-r--r--"));
        monitor("");
        answerOf(app, "n=1");
        assertThat(stage.cli("explain", "apps:plain.fcgi")).isNotZero();
        assertThat(Files.readString(stage.file("cli.log")))
                .contains(plain + " is not used: it is not executable");
        for (String path : List.of("" + app, app + ".sock")) {
            assertThat(stage.cli("explain", path)).isZero();
            assertThat(Files.readString(stage.file("cli.log")))
                    .startsWith("apps:a.fcgi: serving, a pool\n")
                    .contains("listens on:  " + app + ".sock\n");
        }
        assertThat(stage.cli("explain", app + ".none")).isNotZero();
        assertThat(Files.readString(stage.file("cli.log")))
                .contains("it is in the folder " + apps + ", and no pool is made of it");
        assertThat(stage.cli("explain", "/none/a.fcgi")).isNotZero();
        assertThat(Files.readString(stage.file("cli.log")))
                .contains("cannot explain /none/a.fcgi: it is in no folder of 'dropins'");
        Files.setPosixFilePermissions(plain, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(answerOf(plain, "n=1")).startsWith("n=1 ");
    }
}
