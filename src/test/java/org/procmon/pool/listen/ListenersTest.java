package org.procmon.pool.listen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.config.PoolBuilder;
import org.procmon.config.PoolSpec;
import org.procmon.config.pool.PoolAddress;
import org.procmon.posix.CurrentProcess;
import org.procmon.posix.Descriptor;
import org.procmon.posix.socket.BoundSocket;
import org.procmon.posix.socket.ListeningSocket;
import org.procmon.posix.socket.TestListeners;

class ListenersTest {
    private static final int OPEN_TO_ALL = 0777;
    private static final int STICKY = 01777;

    @TempDir Path folder = Path.of("");

    /** What the next monitor would know. */
    private final List<String> kept = new ArrayList<>();

    private final List<Descriptor> others = new ArrayList<>();
    private Listeners listeners = with(Map.of());

    private Listeners with(Map<String, Descriptor> passedOn) {
        return new Listeners(
                passedOn,
                new Listeners.Keeper() {
                    @Override
                    public void opened(OpenListener listener) {
                        kept.add("+" + listener.name());
                    }

                    @Override
                    public void closed(String name) {
                        kept.add("-" + name);
                    }
                });
    }

    @AfterEach
    void closeAll() {
        listeners.closeAll();
        others.forEach(Descriptor::close);
    }

    private Path path(String id) {
        return folder.resolve(id);
    }

    private PoolBuilder builder(String id, int mode) {
        return PoolBuilder.pool(id).at(new PoolAddress.UnixPath(path(id), mode));
    }

    private PoolSpec pool(String id) {
        return builder(id, 0600).build();
    }

    private Descriptor program(String id) {
        Descriptor socket = TestListeners.at(path(id));
        others.add(socket);
        return socket;
    }

    private OpenListener open(PoolSpec pool) {
        return listeners.of(pool, 1).orElseThrow();
    }

    private String mode(String id) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path(id)));
    }

    private void connects(String id) {
        TestListeners.client(path(id)).close();
    }

    @Test
    void preparingKeepsPresentListenersAndOpensMore() {
        listeners.follow(List.of(pool("a")));
        OpenListener first = open(pool("a"));

        listeners.prepare(List.of(pool("b")));

        assertThat(listeners.all()).hasSize(2).contains(first);
        assertThat(listeners.of(pool("a").worker(1))).contains(first.socket());
        connects("a");
        connects("b");
    }

    @Test
    void followingClosesWhatIsNoLongerNamedAndRemovesItsFile() {
        listeners.follow(List.of(pool("a"), pool("b")));
        OpenListener gone = open(pool("a"));

        listeners.follow(List.of(pool("b")));

        assertThat(path("a")).doesNotExist();
        assertThat(listeners.of(pool("a"))).isEmpty();
        assertThat(listeners.of(pool("a").worker(1))).isEmpty();
        connects("b");
        assertThat(kept).containsExactly("+" + path("a"), "+" + path("b"), "-" + path("a"));
        assertThat(listeners.hasUnused()).isTrue();
        assertThat(BoundSocket.inode(gone.socket()))
                .as("a worker may just be started with it")
                .isEqualTo(OptionalLong.of(gone.inode()));

        listeners.closeUnused();

        assertThat(listeners.hasUnused()).isFalse();
        assertThat(BoundSocket.inode(gone.socket())).isNotEqualTo(OptionalLong.of(gone.inode()));
    }

    @Test
    void anAddressThatIsTakenIsRefusedAndTriedAgainWhileTheOthersListen() {
        Descriptor program = program("a");

        listeners.follow(List.of(pool("a"), pool("b")));

        String reason =
                "cannot listen on " + path("a") + ": another program listens there; stop it first";
        assertThat(listeners.trouble(pool("a"))).contains(reason);
        assertThat(listeners.isSomeRefused()).isTrue();
        assertThat(listeners.trouble(pool("b"))).isEmpty();
        assertThat(listeners.of(pool("a"), 1)).isEmpty();
        connects("b");
        assertThat(listeners.retry()).as("still taken").isTrue();

        program.close();

        assertThat(listeners.retry()).isFalse();
        assertThat(listeners.isSomeRefused()).isFalse();
        connects("a");
    }

    @Test
    void aListenerWhoseFileWasRemovedIsOpenedAnew() throws IOException {
        listeners.follow(List.of(pool("a"), pool("b")));
        OpenListener before = listeners.of(pool("a"), 1).orElseThrow();
        assertThat(listeners.findLost(pool("a")).removed()).isEmpty();

        Files.delete(folder.resolve("a"));

        assertThat(listeners.findLost(pool("a")).removed()).containsExactly(before);
        assertThat(listeners.trouble(pool("a")))
                .contains("the socket file " + path("a") + " was removed");
        listeners.reopen(pool("a"), before);
        connects("a");
        assertThat(listeners.trouble(pool("a"))).isEmpty();
        assertThat(listeners.isLeaving(before)).isTrue();
        assertThat(listeners.of(pool("a"), 1)).isPresent().isNotEqualTo(Optional.of(before));
        connects("b");
    }

    @Test
    void aFileOfAnotherProgramIsReportedOnceAndStays() throws IOException {
        listeners.follow(List.of(pool("a")));
        OpenListener own = listeners.of(pool("a"), 1).orElseThrow();
        Files.delete(path("a"));
        Descriptor program = program("a");

        Listeners.Lost lost = listeners.findLost(pool("a"));

        assertThat(lost.removed()).isEmpty();
        assertThat(lost.taken())
                .singleElement()
                .asString()
                .startsWith("another program listens at " + path("a") + " since ")
                .endsWith("; web servers reach that program, not this pool");
        assertThat(listeners.trouble(pool("a"))).contains(lost.taken().getFirst());
        assertThat(listeners.isTaken(own)).isTrue();
        assertThat(listeners.findLost(pool("a")).taken()).as("no news").isEmpty();
        assertThat(listeners.openNext(pool("a"))).isTrue();
        assertThat(listeners.promoteNext(pool("a"))).contains(lost.taken().getFirst());
        listeners.dropNext(pool("a"));
        Object foreign = Files.getAttribute(path("a"), "unix:ino");
        listeners.follow(List.of());
        listeners.closeUnused();
        assertThat(Files.getAttribute(path("a"), "unix:ino")).isEqualTo(foreign);
        program.close();
    }

    @Test
    void aFileThatIsRenamedOverOneIsSeen() throws IOException {
        listeners.follow(List.of(pool("a")));
        Files.writeString(path("b"), "no socket");
        Files.move(path("b"), path("a"), StandardCopyOption.REPLACE_EXISTING);

        assertThat(listeners.findLost(pool("a")).taken())
                .singleElement()
                .asString()
                .startsWith("a file that is no socket is at " + path("a") + " since ");

        Files.delete(path("a"));
        assertThat(listeners.findLost(pool("a")).removed()).hasSize(1);
        assertThat(listeners.trouble(pool("a")))
                .contains("the socket file " + path("a") + " was removed");
    }

    @Test
    void theSocketOfAProgramThatHasExitedCountsAsRemoved() throws IOException {
        listeners.follow(List.of(pool("a")));
        OpenListener own = listeners.of(pool("a"), 1).orElseThrow();
        Files.delete(path("a"));
        TestListeners.at(path("a")).close();

        assertThat(listeners.findLost(pool("a")).removed()).containsExactly(own);
        listeners.reopen(pool("a"), own);
        connects("a");
    }

    @Test
    void aListenerThatCannotBeOpenedAnewIsTriedAgain() throws IOException {
        listeners.follow(List.of(pool("a")));
        OpenListener before = listeners.of(pool("a"), 1).orElseThrow();
        Files.delete(folder.resolve("a"));
        Files.writeString(folder.resolve("a"), "no socket");

        listeners.reopen(pool("a"), before);

        assertThat(listeners.isSomeRefused()).isTrue();
        assertThat(listeners.refused(pool("a")).orElseThrow()).contains("no socket");
        Files.delete(folder.resolve("a"));
        assertThat(listeners.retry()).isFalse();
        connects("a");
    }

    @Test
    void aFileThatNoProgramListensOnIsReplaced() {
        program("a").close();

        listeners.follow(List.of(pool("a")));

        connects("a");
    }

    @Test
    void aRegularFileIsRefusedAndKept() throws IOException {
        Files.writeString(path("a"), "precious");

        listeners.follow(List.of(pool("a")));

        assertThat(listeners.trouble(pool("a")).orElseThrow())
                .endsWith("there is a file that is no socket; remove it first");
        assertThat(path("a")).hasContent("precious");
    }

    @Test
    void aFolderWhereAnyUserMayReplaceTheSocketIsRefused() throws IOException {
        Path open = Files.createDirectory(folder.resolve("open"));
        PoolSpec pool =
                PoolBuilder.pool("a").at(new PoolAddress.UnixPath(open.resolve("s"), 0600)).build();
        Files.setAttribute(open, "unix:mode", OPEN_TO_ALL);

        listeners.follow(List.of(pool));
        assertThat(listeners.trouble(pool).orElseThrow())
                .endsWith("any user may replace files in " + open + "; chmod o-w it");

        Files.setAttribute(open, "unix:mode", STICKY);
        assertThat(listeners.retry()).isFalse();
    }

    @Test
    void aFolderThatIsMissingIsMade() {
        Path socket = folder.resolve("run/php/s");
        listeners.follow(
                List.of(PoolBuilder.pool("a").at(new PoolAddress.UnixPath(socket, 0600)).build()));
        TestListeners.client(socket).close();
    }

    @Test
    void aPathThatTheKernelCannotTakeIsRefusedWithItsLength() {
        PoolSpec pool = pool("a".repeat(ListeningSocket.LONGEST_NAME));

        listeners.follow(List.of(pool));

        assertThat(listeners.trouble(pool).orElseThrow())
                .endsWith(
                        "it has %d bytes, and the kernel takes %d"
                                .formatted(
                                        path(pool.id()).toString().length(),
                                        ListeningSocket.LONGEST_NAME));
    }

    @Test
    void anotherModeOrGroupAppliesWhileTheSocketListens() throws IOException {
        Object group = Files.getAttribute(folder, "unix:gid");
        if (CurrentProcess.uid() == 0) {
            group = 1;
        }
        listeners.follow(List.of(builder("a", 0600).build()));
        OpenListener before = open(pool("a"));
        assertThat(mode("a")).isEqualTo("rw-------");

        listeners.follow(List.of(builder("a", 0666).group(group.toString()).build()));

        assertThat(open(pool("a"))).isEqualTo(before);
        assertThat(mode("a")).isEqualTo("rw-rw-rw-");
        assertThat(Files.getAttribute(path("a"), "unix:gid")).isEqualTo(group);
        assertThat(kept).as("the same socket").containsExactly("+" + path("a"));
    }

    @Test
    void anUnknownOwnerIsReportedWhileTheSocketListens() {
        listeners.follow(List.of(pool("a")));
        PoolSpec changed = builder("a", 0600).owner("no-such-user").build();

        listeners.follow(List.of(changed));

        assertThat(listeners.trouble(changed)).contains("there is no user 'no-such-user'");
        connects("a");
        assertThat(listeners.retry()).as("still unknown").isTrue();

        listeners.follow(List.of(pool("a")));
        assertThat(listeners.isSomeRefused()).isFalse();
    }

    @Test
    void anAbstractNameListens() {
        String name = "procmon-test-" + UUID.randomUUID();
        PoolSpec pool = PoolBuilder.pool("a").at(new PoolAddress.AbstractName(name)).build();

        listeners.follow(List.of(pool));

        TestListeners.clientOfAbstract(name).close();
        assertThat(open(pool).boundName()).isEqualTo("@" + name);
        assertThat(open(pool).isUnix()).isTrue();
    }

    @Test
    void aTcpPortListens() throws IOException {
        PoolSpec pool = PoolBuilder.pool("a").at(freePort()).build();

        listeners.follow(List.of(pool));

        OpenListener listener = open(pool);
        assertThat(listener.isUnix()).isFalse();
        TestListeners.client(listener.port()).close();
        assertThat(listener.inode()).isEqualTo(TestListeners.inode(listener.socket()));
    }

    private static PoolAddress.TcpPort freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, TestListeners.LOCAL)) {
            return new PoolAddress.TcpPort("127.0.0.1", free.getLocalPort());
        }
    }

    @Test
    void aHostThatDoesNotExistIsRefused() {
        PoolSpec pool =
                PoolBuilder.pool("a")
                        .at(new PoolAddress.TcpPort("no-such-host.invalid", 9000))
                        .build();
        listeners.follow(List.of(pool));
        assertThat(listeners.trouble(pool))
                .contains(
                        "cannot listen on no-such-host.invalid:9000: there is no host of this name");
    }

    @Test
    void aSocketOfSystemdThatWasNotPassedIsRefused() {
        PoolSpec pool = PoolBuilder.pool("a").at(new PoolAddress.FromSystemd("php")).build();
        listeners.follow(List.of(pool));
        assertThat(listeners.trouble(pool).orElseThrow())
                .startsWith("cannot listen on systemd:php: ");
    }

    @Test
    void listenersOfTheMonitorBeforeAreAdoptedAndTheRestIsClosedWithItsFile() {
        Descriptor left = program("a");
        Descriptor unwanted = program("b");
        long inode = TestListeners.inode(unwanted);
        listeners = with(Map.of(path("a").toString(), left, path("b").toString(), unwanted));

        listeners.follow(List.of(pool("a"), pool("c")));

        assertThat(open(pool("a")).socket()).isEqualTo(left);
        assertThat(kept).containsExactly("+" + path("a"), "+" + path("c"));
        connects("a");
        assertThat(path("b")).doesNotExist();
        assertThat(BoundSocket.inode(unwanted)).isNotEqualTo(OptionalLong.of(inode));
    }

    @Test
    void aDescriptorThatDoesNotListenIsNotAdopted() {
        program("b");
        Descriptor client = TestListeners.client(path("b"));
        others.add(client);
        listeners = with(Map.of(path("a").toString(), client));

        listeners.follow(List.of(pool("a")));

        connects("a");
        assertThat(open(pool("a")).socket()).isNotEqualTo(client);
    }

    @Test
    void eachWorkerHasItsAddressIfTheyDoNotShare() {
        PoolSpec pool = builder("w$(worker)", 0600).perWorker().fixed(3).build();

        listeners.follow(List.of(pool));

        assertThat(listeners.of(pool))
                .extracting(OpenListener::name)
                .containsExactly(
                        path("w1").toString(), path("w2").toString(), path("w3").toString());
        assertThat(listeners.of(pool.worker(2)))
                .contains(listeners.of(pool, 2).orElseThrow().socket())
                .isNotEqualTo(listeners.of(pool.worker(1)));
        connects("w3");
    }

    @Test
    void closingAllRemovesTheFiles() {
        listeners.follow(List.of(pool("a"), pool("b")));

        listeners.closeAll();

        assertThat(folder).isEmptyDirectory();
        assertThat(listeners.all()).isEmpty();
        assertThat(listeners.hasUnused()).isFalse();
        assertThat(kept).contains("-" + path("a"), "-" + path("b"));
    }
}
