package org.procmon.control.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.config.ControlSpec;
import org.procmon.control.FakeOutput;
import org.procmon.control.FakeSupervisor;
import org.procmon.control.RawConnection;
import org.procmon.control.server.calls.Access;
import org.procmon.control.server.calls.ClientLimits;
import org.procmon.control.server.calls.GroupMembership;
import org.procmon.control.server.calls.MonitorPorts;
import org.procmon.control.server.calls.Peer;
import org.procmon.supervise.port.Reloader;
import org.procmon.supervise.port.Upgrader;

/** What many clients together may take, and what they leave to others. */
@Timeout(60)
class CrowdTest {
    private static final String BUSY = "{\"error\":\"org.procmon.Monitor.Busy\"";
    private static final UserPrincipalLookupService ACCOUNTS =
            FileSystems.getDefault().getUserPrincipalLookupService();

    @TempDir Path folder = Path.of("");

    private final List<RawConnection> crowd = new ArrayList<>();

    /** As whom the next client comes. */
    private volatile String user = "root";

    @AfterEach
    void leave() throws IOException {
        for (RawConnection client : crowd) {
            client.close();
        }
    }

    @Test
    void unfinishedMessagesShareWhatThereIsAndShortOnesAreFree() throws IOException {
        try (ControlServer _ = open(100, 50)) {
            String part = "x".repeat(700 << 10);
            int refused = 0;
            for (int i = 0; i < 60; i++) {
                RawConnection client = connect();
                try {
                    client.send(part);
                } catch (IOException e) {
                    assertThat(e).hasMessageMatching("Broken pipe|Connection reset.*");
                    assertThat(client.receive()).startsWith(BUSY);
                    assertThat(client.receive()).isEqualTo("end");
                    refused++;
                }
            }
            assertThat(refused).isBetween(55, 57);
            assertThat(list(connect())).startsWith("{\"parameters\"");
            leave();
            String longName = "{\"name\":\"" + "x".repeat(1_000_000) + "\"}";
            await().untilAsserted(() ->
                    assertThat(connect().monitor("Status", longName)).contains("TooLarge"));
        }
    }

    @Test
    void reservesConnectionsForRoot() throws IOException {
        try (ControlServer _ = open(16, 8)) {
            assertThat(placesOf("daemon")).isEqualTo(12);
            assertThat(placesOf("bin")).isEqualTo(2);
            assertThat(placesOf("root")).isEqualTo(2);
            crowd.getFirst().close();
            user = "bin";
            await().untilAsserted(() -> assertThat(list(connect())).startsWith("{\"parameters\""));
        }
    }

    @Test
    void followersLeaveConnectionsForOthers() throws IOException {
        String follow =
                "{\"method\":\"org.procmon.Monitor.ReadOutput\",\"parameters\":"
                        + "{\"name\":\"web\",\"follow\":true},\"more\":true}";
        try (ControlServer _ = open(16, 3)) {
            for (int i = 0; i < 3; i++) {
                assertThat(connect().call(follow)).contains("\"continues\":true");
            }
            RawConnection fourth = connect();
            assertThat(fourth.call(follow)).startsWith(BUSY);
            assertThat(list(fourth)).startsWith("{\"parameters\"");
            crowd.getFirst().close();
            await().untilAsserted(() ->
                    assertThat(connect().call(follow)).contains("\"continues\":true"));
        }
    }

    @Test
    void placesToFollowAreKeptForRootToo() throws IOException {
        String watch = "{\"method\":\"org.procmon.Monitor.Watch\",\"more\":true}";
        try (ControlServer _ = open(64, 16)) {
            assertThat(followersOf("daemon", watch)).isEqualTo(12);
            assertThat(followersOf("bin", watch)).isEqualTo(2);
            assertThat(followersOf("root", watch)).isEqualTo(2);
        }
    }

    private int followersOf(String name, String watch) throws IOException {
        user = name;
        int places = 0;
        while (connect().call(watch).contains("\"continues\":true")) {
            places++;
        }
        return places;
    }

    @Test
    void limitsBytesOfNamesPerUserAndReservesSomeForRoot() throws IOException {
        StringBuilder names = new StringBuilder("\"x\"");
        for (int i = 0; i < 4_000; i++) {
            names.append(",\"").append("n".repeat(120)).append(i).append('"');
        }
        // Only a client that resumes may name what is not there.
        String watch =
                "{\"method\":\"org.procmon.Monitor.Watch\",\"parameters\":{\"names\":["
                        + names
                        + "],\"since\":0},\"more\":true}";
        try (ControlServer _ = open(64, 64)) {
            assertThat(followersOf("daemon", watch)).isEqualTo(2);
            assertThat(list(connect())).startsWith("{\"parameters\"");
            assertThat(followersOf("root", watch)).isEqualTo(1);
        }
    }

    @Test
    void aSilentClientLosesItsConnectionButRootDoesNot() throws IOException {
        Duration patience = Duration.ofSeconds(50);
        Duration idle = Duration.ofMillis(300);
        ClientLimits clientLimits =
                new ClientLimits(16, 8, idle, patience, patience, patience, idle);
        try (ControlServer _ = open(clientLimits)) {
            RawConnection root = connect();
            assertThat(list(root)).startsWith("{\"parameters\"");
            user = "daemon";
            assertThat(connect().receive()).isEqualTo("end");
            RawConnection client = connect();
            assertThat(list(client)).startsWith("{\"parameters\"");
            assertThat(client.receive()).isEqualTo("end");
            assertThat(list(root)).startsWith("{\"parameters\"");
        }
    }

    /** How many connections of a user are served. */
    private int placesOf(String name) throws IOException {
        user = name;
        int places = 0;
        while (list(connect()).startsWith("{\"parameters\"")) {
            places++;
        }
        return places;
    }

    private RawConnection connect() throws IOException {
        RawConnection client = new RawConnection(folder.resolve("s"));
        crowd.add(client);
        return client;
    }

    private static String list(RawConnection client) throws IOException {
        try {
            return client.monitor("List", "{}");
        } catch (IOException _) {
            return client.receive();
        }
    }

    private ControlServer open(int connections, int followers) throws IOException {
        Duration patience = Duration.ofSeconds(50);
        return open(
                new ClientLimits(connections, followers, patience, patience, patience, patience));
    }

    private ControlServer open(ClientLimits clientLimits) throws IOException {
        return ControlServer.open(
                folder.resolve("s"),
                ControlSpec.DEFAULT,
                new MonitorPorts(
                        new FakeSupervisor(), new FakeOutput(), Upgrader.NONE, Reloader.NONE),
                new Access(ControlSpec.DEFAULT, GroupMembership.NONE),
                _ -> {
                    GroupPrincipal group = ACCOUNTS.lookupPrincipalByGroupName("0");
                    return new Peer(ACCOUNTS.lookupPrincipalByName(user), group);
                },
                clientLimits);
    }
}
