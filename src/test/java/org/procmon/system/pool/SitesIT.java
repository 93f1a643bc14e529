package org.procmon.system.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.procmon.system.pool.PoolStage.patiently;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sites of several users, mostly without accounts, behind nginx with the rule that is shipped. */
@Timeout(180)
class SitesIT {
    private static final int ALICE = 41_001;
    private static final int BOB = 41_002;

    /** An account of every Debian whose uid is below the usual {@code min_uid}. */
    private static final String SYSTEM_USER = "games";

    /** What owners without an account need. */
    private static final String GROUPS = ", 'group': '$(group)'";

    private static final String PROBE =
            """
            <?php
            header('Content-Type: text/plain');
            $what = $_GET['what'];
            if ($_GET['do'] == 'read') {
                echo @file_get_contents($what) === false ? 'denied' : 'read';
            } elseif ($_GET['do'] == 'list') {
                echo @scandir($what) === false ? 'denied' : 'read';
            } elseif ($_GET['do'] == 'connect') {
                $no = 0;
                $text = '';
                echo @stream_socket_client("unix://$what", $no, $text) ? 'connected' : $text;
            } elseif ($_GET['do'] == 'wait') {
                usleep(1000 * $what);
                echo 'waited';
            } else {
                file_put_contents('php://stderr', "asked\n");
                echo posix_getuid(), ' ', posix_getgid(), ' ', implode(',', posix_getgroups());
            }
            """;

    @TempDir Path folder = Path.of("");
    private PoolStage stage;
    private Path www = Path.of("");
    private Path run = Path.of("");
    private final int port = PoolStage.freePort();
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeEach
    void begin() throws IOException {
        stage = new PoolStage(folder);
        www = PeerPrograms.openFolder(Files.createDirectory(folder.toRealPath().resolve("www")));
        run = PeerPrograms.openFolder(Files.createDirectory(folder.toRealPath().resolve("run")));
    }

    @AfterEach
    void end() throws IOException {
        http.close();
        stage.close();
    }

    private Path site(String name, int uid) throws IOException {
        Path hidden = Files.createDirectory(www.resolve("." + name));
        Files.writeString(hidden.resolve("probe.php"), PROBE);
        Files.writeString(hidden.resolve("secret"), name);
        own(hidden, uid);
        return Files.move(hidden, www.resolve(name));
    }

    private static void own(Path site, int uid) throws IOException {
        Files.setPosixFilePermissions(site, PosixFilePermissions.fromString("rwx------"));
        try (Stream<Path> all = Files.walk(site)) {
            for (Path one : all.toList()) {
                Files.setAttribute(one, "unix:gid", uid, LinkOption.NOFOLLOW_LINKS);
                Files.setAttribute(one, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    private void monitor(String keys) throws IOException {
        stage.configured(
                ("{'sites': [{'directory': '%s', 'exec': 'php-cgi -d cgi.fix_pathinfo=0',"
                                + " 'listen': 'unix://660@%s/$(name).sock'%s}]}")
                        .formatted(www, run, keys));
        ShippedRule.NGINX.start(
                stage,
                port,
                Path.of("conf/nginx-sites.conf"),
                Map.of("/srv/www", www, "/run/php", run));
    }

    private HttpResponse<String> get(String path) throws Exception {
        return ShippedRule.get(http, port, path);
    }

    /** What a script of a site finds out with the rights of its owner. */
    private String probe(String site, String action, Object what) throws Exception {
        HttpResponse<String> answer =
                get("/~%s/probe.php?do=%s&what=%s".formatted(site, action, what));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    private boolean isServed(String site) throws Exception {
        return get("/~%s/probe.php?do=who&what=".formatted(site)).statusCode() == 200;
    }

    /** Where the standard error of all workers of a site goes. */
    private Path log(String site) {
        Path log = stage.file("state/log/www:" + site + ".err");
        patiently().until(() -> Files.exists(log) && Files.size(log) > 0);
        return log;
    }

    @Test
    void eachSiteRunsAsItsOwnerWhoReachesNothingOfAnother() throws Exception {
        assumeTrue(PeerPrograms.areRunByRoot());
        reachNothingOfEachOther(ALICE, BOB, GROUPS);
    }

    @Test
    void accountsReachNothingOfEachOtherEither() throws Exception {
        assumeTrue(PeerPrograms.areRunByRoot());
        reachNothingOfEachOther(uidOf("man"), uidOf("news"), ", 'min_uid': 1");
    }

    private void reachNothingOfEachOther(int uid, int otherUid, String keys) throws Exception {
        site("alice", uid);
        site("bob", otherUid);
        monitor(keys);
        assertThat(probe("alice", "who", "")).startsWith(uid + " ");
        assertThat(probe("bob", "who", "")).startsWith(otherUid + " ");
        int alice = stage.workers("www:alice").getFirst();
        int bob = stage.workers("www:bob").getFirst();
        for (String[] pair : new String[][] {{"alice", "bob"}, {"bob", "alice"}}) {
            String own = pair[0];
            String other = pair[1];
            int ownPid = own.equals("alice") ? alice : bob;
            int otherPid = own.equals("alice") ? bob : alice;
            assertThat(probe(own, "read", www.resolve(own + "/secret"))).isEqualTo("read");
            assertThat(probe(own, "read", www.resolve(other + "/secret"))).isEqualTo("denied");
            assertThat(probe(own, "list", www.resolve(other))).isEqualTo("denied");
            assertThat(probe(own, "connect", run.resolve(other + ".sock")))
                    .isEqualTo("Permission denied");
            assertThat(probe(own, "read", "/proc/" + ownPid + "/environ")).isEqualTo("read");
            assertThat(probe(own, "read", "/proc/" + otherPid + "/environ")).isEqualTo("denied");
            assertThat(probe(own, "list", "/proc/" + otherPid + "/fd")).isEqualTo("denied");
            assertThat(probe(own, "read", log(other))).isEqualTo("denied");
            assertThat(probe(own, "list", stage.file("state"))).isEqualTo("denied");
        }
        assertThat(probe("alice", "who", "").split(" "))
                .as("neither the group of the monitor nor that of the sockets")
                .doesNotContain("0", "33");
    }

    @Test
    void unknownSitesAreNotFoundAndNewOnesAreFollowed() throws Exception {
        assumeTrue(PeerPrograms.areRunByRoot());
        site("alice", ALICE);
        monitor(GROUPS);
        assertThat(isServed("alice")).isTrue();
        assertThat(get("/~alice/none.php").statusCode()).isEqualTo(404);
        assertThat(get("/~alice/secret/x.php").statusCode()).isEqualTo(404);
        for (String site : List.of("bob", ".alice", "alice%2f..%2fbob", "a%00b", "a%0ab")) {
            assertThat(get("/~" + site + "/probe.php?do=who&what=").statusCode())
                    .as(site)
                    .isIn(400, 404);
        }
        site("bob", BOB);
        patiently().until(() -> isServed("bob"));
        Files.move(www.resolve("bob"), folder.resolve("gone"));
        assertThat(get("/~bob/probe.php?do=who&what=").statusCode()).isEqualTo(404);
        patiently().until(() -> Files.notExists(run.resolve("bob.sock")));
        patiently().until(() -> stage.workers("www:bob").isEmpty());
        assertThat(isServed("alice")).isTrue();
    }

    @Test
    void anotherOwnerIsFollowed() throws Exception {
        assumeTrue(PeerPrograms.areRunByRoot());
        Path site = site("shop", ALICE);
        monitor(GROUPS);
        assertThat(probe("shop", "who", "")).startsWith(ALICE + " ");
        int before = stage.workers("www:shop").getFirst();
        own(site, BOB);
        patiently().until(() -> get("/~shop/probe.php?do=who&what=").body().startsWith(BOB + " "));
        patiently().until(() -> !stage.workers("www:shop").contains(before));
        assertThat(probe("shop", "read", site.resolve("secret"))).isEqualTo("read");
    }

    @Test
    void foldersOfSystemUsersAreNoSites() throws Exception {
        assumeTrue(PeerPrograms.areRunByRoot());
        site("alice", ALICE);
        int uid = uidOf(SYSTEM_USER);
        Path system = site("system", uid);
        monitor(GROUPS);
        assertThat(isServed("alice")).isTrue();
        assertThat(run.resolve("system.sock")).doesNotExist();
        assertThat(stage.cli("explain", "www:system")).isNotZero();
        assertThat(Files.readString(stage.file("cli.log")))
                .contains(
                        "%s is not used: the uid of its owner %s is %d, below 'min_uid' 100"
                                .formatted(system, SYSTEM_USER, uid));
        assertThat(get("/~system/probe.php?do=who&what=").statusCode()).isEqualTo(502);
        own(system, BOB);
        patiently().until(() -> isServed("system"));
    }

    private int uidOf(String account) throws IOException {
        Path owned =
                Files.setOwner(
                        Files.createTempFile(folder, "owned", ""),
                        folder.getFileSystem()
                                .getUserPrincipalLookupService()
                                .lookupPrincipalByName(account));
        return (Integer) Files.getAttribute(owned, "unix:uid");
    }

    @Test
    void theSitesOfOneOwnerHaveTheirWorkersTogether() throws Exception {
        assumeTrue(PeerPrograms.areRunByRoot());
        site("blog", ALICE);
        site("shop", ALICE);
        site("bob", BOB);
        monitor(GROUPS + ", 'workers': 4, 'max_workers_per_user': 3");
        List<String> sites = List.of("blog", "shop", "bob");
        int most = 0;
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers =
                    IntStream.range(0, 60)
                            .mapToObj(n ->
                                    clients.submit(() -> probe(sites.get(n % 3), "wait", "150")))
                            .toList();
            while (!answers.stream().allMatch(Future::isDone)) {
                int together = stage.workers("www:blog").size() + stage.workers("www:shop").size();
                assertThat(together).isLessThanOrEqualTo(3);
                most = Math.max(most, together);
            }
            for (Future<String> answer : answers) {
                assertThat(answer.get()).isEqualTo("waited");
            }
        }
        assertThat(most).isEqualTo(3);
        assertThat(stage.workers("www:bob")).hasSize(3);
        assertThat(stage.cli("explain", "www:blog")).isZero();
        assertThat(Files.readString(stage.file("cli.log")))
                .contains("max_workers_per_user of " + ALICE);
    }
}
