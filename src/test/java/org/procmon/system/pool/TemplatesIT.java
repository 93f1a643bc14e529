package org.procmon.system.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.pool.PoolStage.patiently;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A folder of links to one template, each of which is a pool of its owner. */
@Timeout(180)
class TemplatesIT {
    private static final int ALICE = 41_001;
    private static final int BOB = 41_002;

    @TempDir Path folder = Path.of("");
    private PoolStage stage;
    private Path links = Path.of("");
    private Optional<PeerProcess> monitor = Optional.empty();

    @BeforeEach
    void begin() throws IOException {
        stage = new PoolStage(folder);
        links = PeerPrograms.openFolder(Files.createDirectory(stage.file("pools.d")));
    }

    @AfterEach
    void end() throws IOException {
        stage.close();
    }

    private void template(String keys) throws IOException {
        String user =
                PeerPrograms.areRunByRoot()
                        ? "\"user\": \"$(user)\", \"group\": \"$(group)\","
                        : "";
        String text =
                """
                {"id": "pool-$(filename)", "exec": "PROGRAM", USER
                 "listen": "unix:DIR/$(filename).sock", "mode": "static", "workers": 1KEYS}
                """
                        .replace("PROGRAM", PeerPrograms.application().toString())
                        .replace("USER", user)
                        .replace("DIR", stage.file("").toString())
                        .replace("KEYS", keys);
        // Renamed, as an editor does.
        Files.move(
                stage.write("template.new", text),
                stage.file("template"),
                StandardCopyOption.REPLACE_EXISTING);
    }

    private Path link(String name, int uid) throws IOException {
        Path hidden = Files.createSymbolicLink(links.resolve("." + name), Path.of("../template"));
        if (PeerPrograms.areRunByRoot()) {
            Files.setAttribute(hidden, "unix:gid", uid, LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(hidden, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
        }
        return Files.move(hidden, links.resolve(name));
    }

    private void start() throws IOException {
        monitor =
                Optional.of(
                        stage.configured(
                                "{'include': [{'path': 'pools.d/*.json', 'follow': true}]}"));
    }

    private int worker(String name) {
        // A process that is about to become its program has no environment for an instant.
        return patiently()
                .until(() -> stage.workers("pool-" + name), found -> found.size() == 1)
                .getFirst();
    }

    private int servedBy(String name, int uid) throws IOException {
        int pid = worker(name);
        if (PeerPrograms.areRunByRoot()) {
            patiently().until(() -> ownerOf(pid) == uid);
        }
        try (PoolClient client = PoolClient.ofPath(stage.file(name + ".sock"))) {
            assertThat(client.get("n=1")).isEqualTo("n=1 " + pid);
        }
        return pid;
    }

    private static int ownerOf(int pid) throws IOException {
        return (Integer) Files.getAttribute(Path.of("/proc/" + pid), "unix:uid");
    }

    /** How often the log says that a file is not used. */
    private long remarks(Path file) throws IOException {
        return monitor.orElseThrow()
                .log()
                .lines()
                .filter(line -> line.contains("is not used") && line.contains(file.toString()))
                .count();
    }

    private void awaitRemarks(Path file, long count) {
        patiently().until(() -> remarks(file) == count);
    }

    @Test
    void eachLinkIsAPoolOfItsOwnerAndLinksComeAndGo() throws IOException {
        template("");
        link("a.json", ALICE);
        Path second = link("b.json", BOB);
        start();
        int first = servedBy("a", ALICE);
        servedBy("b", BOB);
        try (SteadyClients _ =
                new SteadyClients(UnixDomainSocketAddress.of(stage.file("a.sock")), 2, "n=1")) {
            link("c.json", BOB);
            servedBy("c", BOB);
            Files.delete(second);
            patiently().until(() -> stage.workers("pool-b").isEmpty());
            patiently().until(() -> Files.notExists(stage.file("b.sock")));
        }
        assertThat(worker("a")).isEqualTo(first);
    }

    @Test
    void aChangedTemplateIsFollowedForAllItsLinks() throws IOException {
        template("");
        link("a.json", ALICE);
        link("b.json", BOB);
        start();
        int first = servedBy("a", ALICE);
        int second = servedBy("b", BOB);
        template(", \"env\": {\"NEW\": \"1\"}");
        patiently().until(() -> !List.of(first).equals(stage.workers("pool-a")));
        patiently().until(() -> !List.of(second).equals(stage.workers("pool-b")));
        assertThat(PoolStage.words(worker("a"), "environ")).contains("NEW=1");
        assertThat(PoolStage.words(worker("b"), "environ")).contains("NEW=1");
    }

    @Test
    void aBadFileIsLeftOutAndSaidOnceAndDisturbsNothing() throws IOException {
        template("");
        link("a.json", ALICE);
        start();
        int first = servedBy("a", ALICE);
        Path bad = stage.write("pools.d/bad.json", "{\"id\": \"bad\", \"exec\": 1}");
        awaitRemarks(bad, 1);
        Path lost = Files.createSymbolicLink(links.resolve("lost.json"), Path.of("../none"));
        awaitRemarks(lost, 1);
        Path twin = stage.write("pools.d/twin.json", "{\"id\": \"pool-a\", \"exec\": \"true\"}");
        awaitRemarks(twin, 1);
        link("c.json", BOB);
        servedBy("c", BOB);
        assertThat(worker("a")).isEqualTo(first);
        assertThat(List.of(remarks(bad), remarks(lost), remarks(twin))).containsOnly(1L);
        assertThat(stage.cli("check", stage.file("procmon.json").toString())).isNotZero();
        assertThat(Files.readString(stage.file("cli.log")))
                .contains("bad.json:1:", "lost.json: cannot read the file", "twin.json");
        Files.delete(lost);
        Files.delete(twin);
        Files.delete(bad);
        link("bad.json", BOB);
        servedBy("bad", BOB);
        assertThat(stage.cli("check", stage.file("procmon.json").toString())).isZero();
    }

    @Test
    void aFileThatTurnsBadStaysAsItWas() throws IOException {
        template("");
        Path link = link("a.json", ALICE);
        link("b.json", BOB);
        start();
        int first = servedBy("a", ALICE);
        Files.delete(link);
        Files.move(stage.write("half", "{\"id\":"), link);
        awaitRemarks(link, 1);
        Files.delete(link);
        Files.createSymbolicLink(link, Path.of("../none"));
        awaitRemarks(link, 2);
        assertThat(servedBy("a", ALICE)).isEqualTo(first);
        Files.delete(link);
        patiently().until(() -> stage.workers("pool-a").isEmpty());
        servedBy("b", BOB);
    }

    @Test
    void badFilesDoNotKeepTheMonitorFromStarting() throws IOException {
        template("");
        link("a.json", ALICE);
        Path bad = stage.write("pools.d/bad.json", "{");
        Path lost = Files.createSymbolicLink(links.resolve("lost.json"), Path.of("../none"));
        Path twin = stage.write("pools.d/twin.json", "{\"id\": \"pool-a\", \"exec\": \"true\"}");
        start();
        servedBy("a", ALICE);
        assertThat(List.of(remarks(bad), remarks(lost), remarks(twin))).containsOnly(1L);
    }
}
