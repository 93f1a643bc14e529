package org.procmon.system.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.pool.PoolStage.patiently;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.bytes.BytePath;

/** Whatever happens to a folder of programs, it ends in order, and other pools notice nothing. */
@Timeout(300)
class FolderTroubleIT {
    private static final int MANY = 2_000;

    @TempDir Path folder = Path.of("");
    private PoolStage stage;
    private Path apps = Path.of("");
    private Path other = Path.of("");

    @BeforeEach
    void begin() throws IOException {
        stage = new PoolStage(folder);
        apps = PeerPrograms.openFolder(Files.createDirectory(folder.toRealPath().resolve("apps")));
        other = folder.toRealPath().resolve("other.sock");
    }

    @AfterEach
    void end() throws IOException {
        stage.close();
    }

    private void monitor() throws IOException {
        stage.configured(
                "{'dropins': [{'directory': '%s', 'max_apps': 5000, 'user': '%s'}],"
                                .formatted(apps, user())
                        + " 'pools': [{'id': 'other', 'exec': '%s', 'listen': '%s'}]}"
                                .formatted(PeerPrograms.application(), other));
    }

    private static String user() throws IOException {
        return PeerPrograms.areRunByRoot() ? "nobody" : System.getProperty("user.name");
    }

    private Path install(String name) throws IOException {
        Path target = BytePath.of(apps + "/" + name);
        Path hidden = Files.copy(PeerPrograms.application(), apps.resolve(".new"));
        var _ = Files.setPosixFilePermissions(hidden, PosixFilePermissions.fromString("rwxr-xr-x"));
        return Files.move(hidden, target);
    }

    private static boolean isServed(Path app) {
        try (PoolClient client = PoolClient.ofPath(Path.of(app + ".sock"))) {
            return client.get("n=1").startsWith("n=1 ");
        } catch (IOException _) {
            return false;
        }
    }

    private static void awaitServed(Path app) {
        patiently().until(() -> isServed(app));
    }

    private void awaitNoWorker(String app) {
        patiently().until(() -> stage.workers("apps:" + app).isEmpty());
    }

    private String shown(String... command) throws IOException {
        var _ = stage.cli(command);
        return Files.readString(stage.file("cli.log"), StandardCharsets.ISO_8859_1);
    }

    @Test
    void aFolderThatVanishesOrIsAFileOrIsRenamedDisturbsNoOtherPool() throws IOException {
        Path app = install("a.fcgi");
        monitor();
        awaitServed(app);
        int worker = stage.workers("other").getFirst();
        Path aside = apps.resolveSibling("aside");
        try (SteadyClients clients =
                new SteadyClients(UnixDomainSocketAddress.of(other), 1, "n=1")) {
            patiently().until(() -> clients.served() > 10);
            Files.move(apps, aside);
            awaitNoWorker("a.fcgi");
            assertThat(stage.cli("explain", "apps:a.fcgi")).isNotZero();
            Files.createFile(apps);
            patiently()
                    .until(() -> shown("explain", apps.toString()).contains("it is not a folder"));
            Files.delete(apps);
            Files.move(aside, apps);
            awaitServed(app);
            Files.move(apps, aside);
            Files.createSymbolicLink(apps, aside);
            awaitServed(app);
            int served = clients.served();
            patiently().until(() -> clients.served() > served + 10);
        }
        assertThat(stage.workers("other")).contains(worker);
    }

    @Test
    void manyProgramsComeAndGoAtOnce() throws IOException {
        monitor();
        patiently().until(this::isOtherServed);
        try (SteadyClients _ = new SteadyClients(UnixDomainSocketAddress.of(other), 1, "n=1")) {
            Path first = install("0.fcgi");
            List<Path> all = new ArrayList<>(List.of(first));
            for (int i = 1; i < MANY; i++) {
                all.add(Files.createLink(apps.resolve(i + ".fcgi"), first));
            }
            patiently().until(() -> pools() == MANY);
            awaitServed(all.getLast());
            for (Path one : all) {
                Files.delete(one);
            }
            patiently().until(() -> pools() == 0);
            patiently().until(() -> isEmpty(apps));
            awaitNoWorker("\\d+.fcgi");
            Path later = install("later.fcgi");
            awaitServed(later);
        }
    }

    private boolean isOtherServed() {
        try (PoolClient client = PoolClient.ofPath(other)) {
            return client.get("n=1").startsWith("n=1 ");
        } catch (IOException _) {
            return false;
        }
    }

    private long pools() throws IOException {
        return shown("status").lines().filter(line -> line.startsWith("apps:")).count();
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    @Test
    void anyNameIsUsedOrRefusedWithAReason() throws IOException {
        monitor();
        Map<String, String> used =
                Map.of(
                        "with blank.fcgi", "with@20blank.fcgi",
                        "'quo\"te.fcgi", "@27quo@22te.fcgi",
                        "100%s%n.fcgi", "100@25s@25n.fcgi",
                        "${HOME}$HOME`x`.fcgi", "@24@7bHOME@7d@24HOME@60x@60.fcgi",
                        "new\nline.fcgi", "new@0aline.fcgi",
                        "-rf.fcgi", "-rf.fcgi");
        for (Map.Entry<String, String> one : used.entrySet()) {
            Path app = install(one.getKey());
            awaitServed(app);
            assertThat(stage.workers("apps:" + one.getValue())).as(one.getKey()).isNotEmpty();
            assertThat(shown("explain", "apps:" + one.getValue())).contains("a pool");
        }
        String longest = "l".repeat(250) + ".fcgi";
        for (String name : List.of(longest, "bad\udcff.fcgi", "$(name).fcgi", "$(worker).fcgi")) {
            var _ = install(name);
        }
        String config = stage.file("procmon.json").toString();
        String tooLong = "l".repeat(200) + ".fcgi";
        var _ = install(tooLong);
        patiently()
                .until(() ->
                        shown("explain", "apps:" + tooLong).contains("is too long for a pool"));
        assertThat(shown("check", config))
                .contains(
                        "is too long for a pool",
                        "its name is not UTF-8",
                        "$(name).fcgi: warning: not used: its path has '$(' in it",
                        "$(worker).fcgi: warning: not used: its path has '$(' in it",
                        "5 warnings");
        assertThat(shown("explain", "apps:bad@ff.fcgi")).contains("its name is not UTF-8");
        used.keySet().forEach(name -> assertThat(isServed(apps.resolve(name))).isTrue());
    }
}
