package org.procmon.control.server.calls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.procmon.config.ControlSpec;
import org.procmon.control.FakeSupervisor;
import org.procmon.control.RawConnection;
import org.procmon.control.protocol.OnBehalf;
import org.procmon.control.protocol.SocketLocation;
import org.procmon.control.server.ControlServer;

class AccessTest {
    private static final UserPrincipalLookupService ACCOUNTS =
            FileSystems.getDefault().getUserPrincipalLookupService();

    @TempDir Path folder = Path.of("");

    @ParameterizedTest(name = "{0}:{1}, operators {2}, viewers {3}")
    @CsvSource({
        "root,   root,   '',       '',     OPERATE",
        "0,      12345,  '',       nobody, OPERATE",
        "54321,  12345,  '',       '',     LOOK",
        "54321,  12345,  54321,    '',     OPERATE",
        "54321,  12345,  5432,     '',     LOOK",
        "54321,  12345,  '',       nobody, NOTHING",
        "54321,  12345,  '',       54321,  LOOK",
        "54321,  12345,  @12345,   '',     OPERATE",
        "54321,  daemon, @daemon,  '',     OPERATE",
        "54321,  12345,  '',       @daemon, NOTHING",
        "daemon, 12345,  daemon,   '',     OPERATE",
        "daemon, 12345,  1,        '',     OPERATE",
        "daemon, 12345,  @staff,   '',     OPERATE",
        "daemon, 12345,  @users,   '',     LOOK",
        "54321,  12345,  no-such-user, '', LOOK",
        "54321,  12345,  @no-such-group, '', LOOK",
    })
    void rightsFollowThePolicy(
            String user, String group, String operator, String viewer, Access.Right expected)
            throws IOException {
        ControlSpec control =
                new ControlSpec(listOf(operator), listOf(viewer), Optional.empty(), 0660);
        GroupMembership groups = (u, g) -> u.equals("daemon") && g.equals("staff");

        assertThat(new Access(control, groups).of(peer(user, group))).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}, operators {1}, viewers {2}")
    @CsvSource({
        "ada,  '',       '',       OPERATE",
        "'',   '',       '',       OPERATE",
        "ada,  www-data, '',       OPERATE",
        "ada,  http:ada, '',       OPERATE",
        "bob,  http:ada, '',       LOOK",
        "'',   http:ada, '',       LOOK",
        "'',   '',       http:ada, NOTHING",
        "ada,  '',       http:ada, LOOK",
        "ada,  http:ada, http:bob, OPERATE",
        "ada,  http:*,   '',       OPERATE",
        "'',   http:*,   '',       LOOK",
        "*,    http:ada, '',       LOOK",
        "root, http:ada, http:bob, NOTHING",
    })
    void overHttpTheUsersOfTheWebServerCount(
            String user, String operator, String viewer, Access.Right expected) {
        ControlSpec control =
                new ControlSpec(listOf(operator), listOf(viewer), Optional.empty(), 0660);

        assertThat(new WebAccess(control).of(user)).isEqualTo(expected);
    }

    @Test
    void aForwardedCallCanOnlyLoseRights() throws IOException {
        ControlSpec control =
                new ControlSpec(List.of("http:ada"), List.of(), Optional.empty(), 0660);
        Access access = new Access(control, GroupMembership.NONE);
        Peer peer = peer("54321", "12345");
        Access.Right own = access.of(peer);
        assertThat(own).isEqualTo(Access.Right.LOOK);
        assertThat(access.standing(peer, own, false, Optional.of(new OnBehalf("ada", ""))).right())
                .isEqualTo(Access.Right.LOOK);
        assertThat(
                        access.standing(
                                        peer,
                                        Access.Right.OPERATE,
                                        false,
                                        Optional.of(new OnBehalf("bob", "")))
                                .right())
                .isEqualTo(Access.Right.LOOK);
        assertThat(access.standing(peer, Access.Right.OPERATE, false, Optional.empty()).right())
                .isEqualTo(Access.Right.OPERATE);
    }

    @Test
    void theMonitorsOwnUserOperates() throws IOException {
        assertThat(
                        new Access(
                                        new ControlSpec(
                                                List.of(),
                                                List.of("nobody"),
                                                Optional.empty(),
                                                0660),
                                        GroupMembership.NONE)
                                .of(peer(String.valueOf(SocketLocation.ownUid()), "12345")))
                .isEqualTo(Access.Right.OPERATE);
    }

    @Test
    void aViewersRefusalNamesWhatWouldAllowIt() throws IOException {
        FakeSupervisor supervisor = new FakeSupervisor();
        try (ControlServer _ = open(supervisor, ControlSpec.DEFAULT);
                RawConnection client = new RawConnection(folder.resolve("s"))) {
            assertThat(client.monitor("List", "{}")).startsWith("{\"parameters\"");
            assertThat(client.monitor("Check", "{}")).startsWith("{\"parameters\"");
            for (String method : List.of("Start", "Stop", "Restart", "Delete", "Signal")) {
                assertThat(client.monitor(method, "{\"names\":[\"web\"]}"))
                        .isEqualTo(
                                "{\"error\":\"org.procmon.Monitor.NotPermitted\",\"parameters\":"
                                        + "{\"reason\":\"the user 54321 may not do this;"
                                        + " control.operators would have to name it\"}}");
            }
            for (String method : List.of("Shutdown", "Reopen", "Upgrade")) {
                assertThat(client.monitor(method, "{}")).contains("NotPermitted");
            }
            assertThat(client.monitor("ReadOutput", "{\"name\":\"web\"}")).contains("NoOutput");
        }
        assertThat(supervisor.commands).isEmpty();
    }

    @Test
    void aUserWithoutRightsSeesNothing() throws IOException {
        ControlSpec control = new ControlSpec(List.of(), List.of("nobody"), Optional.empty(), 0660);
        try (ControlServer _ = open(new FakeSupervisor(), control);
                RawConnection client = new RawConnection(folder.resolve("s"))) {
            assertThat(client.monitor("List", "{}")).contains("NotPermitted", "control.viewers");
            assertThat(client.monitor("ReadOutput", "{\"name\":\"web\"}")).contains("NotPermitted");
            assertThat(client.call("{\"method\":\"org.varlink.service.GetInfo\"}"))
                    .contains("NotPermitted");
        }
    }

    private ControlServer open(FakeSupervisor supervisor, ControlSpec control) throws IOException {
        return ControlServer.open(
                folder.resolve("s"),
                control,
                MonitorPorts.of(supervisor),
                new Access(control, GroupMembership.NONE),
                _ -> peer("54321", "12345"),
                ClientLimits.DEFAULT);
    }

    private static Peer peer(String user, String group) throws IOException {
        return new Peer(
                ACCOUNTS.lookupPrincipalByName(user), ACCOUNTS.lookupPrincipalByGroupName(group));
    }

    private static List<String> listOf(String name) {
        return name.isEmpty() ? List.of() : List.of(name);
    }
}
