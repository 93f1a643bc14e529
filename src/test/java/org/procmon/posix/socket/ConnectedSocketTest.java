package org.procmon.posix.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.posix.Descriptor;
import org.procmon.posix.socket.ConnectedSocket.Direction;
import org.procmon.posix.socket.ConnectedSocket.Moved;

@Timeout(60)
class ConnectedSocketTest {
    private static final byte[] SOME = {1, 2, 3, 4};

    @TempDir Path folder = Path.of("");

    private final List<Descriptor> open = new ArrayList<>();

    @AfterEach
    void close() {
        open.forEach(Descriptor::close);
    }

    private Descriptor opened(Descriptor descriptor) {
        open.add(descriptor);
        return descriptor;
    }

    private void close(Descriptor descriptor) {
        open.remove(descriptor);
        descriptor.close();
    }

    private record Connection(Descriptor client, Descriptor server) {}

    private Connection unix() {
        Path path = folder.resolve("s" + open.size());
        Descriptor listener = opened(TestListeners.at(path));
        Descriptor client = opened(TestListeners.client(path));
        return new Connection(client, opened(TestListeners.accept(listener)));
    }

    private Connection tcp() {
        Descriptor listener = opened(TestListeners.tcp());
        Descriptor client = opened(TestListeners.client(TestListeners.port(listener)));
        await().until(
                        () -> AcceptQueue.ofTcp(listener),
                        length -> length.equals(new AcceptQueue.Length.Waiting(1, 100)));
        return new Connection(client, opened(TestListeners.accept(listener)));
    }

    @Test
    void bytesArriveInPieces() {
        Connection c = unix();
        byte[] got = new byte[3];
        assertThat(ConnectedSocket.read(c.server(), got)).isEqualTo(new Moved.NotNow());
        assertThat(ConnectedSocket.write(c.client(), SOME, 1, 3)).isEqualTo(new Moved.Bytes(3));
        assertThat(ConnectedSocket.hasUnread(c.server())).isTrue();
        assertThat(ConnectedSocket.read(c.server(), new byte[1])).isEqualTo(new Moved.Bytes(1));
        assertThat(ConnectedSocket.read(c.server(), got)).isEqualTo(new Moved.Bytes(2));
        assertThat(got).startsWith(3, 4);
        assertThat(ConnectedSocket.hasUnread(c.server())).isFalse();
    }

    @Test
    void writingStopsWhenThereIsNoRoom() {
        Connection c = unix();
        byte[] much = new byte[1 << 20];
        Moved last = new Moved.Bytes(0);
        for (int i = 0; i < 100 && last instanceof Moved.Bytes; i++) {
            last = ConnectedSocket.write(c.server(), much, 0, much.length);
        }
        assertThat(last).isEqualTo(new Moved.NotNow());
    }

    @Test
    void theEndIsSeenByBothSides() {
        Connection c = unix();
        close(c.client());
        assertThat(ConnectedSocket.read(c.server(), new byte[1])).isEqualTo(new Moved.Ended());
        assertThat(ConnectedSocket.write(c.server(), SOME, 0, 4)).isEqualTo(new Moved.Ended());
    }

    @Test
    void aUnixClientThatOnlySendsNoMoreHasNotHungUp() {
        Connection c = unix();
        assertThat(ConnectedSocket.hasHungUp(c.server())).isFalse();
        assertThat(ConnectedSocket.shutdown(c.client(), Direction.SENDING)).isEmpty();
        assertThat(ConnectedSocket.read(c.server(), new byte[1])).isEqualTo(new Moved.Ended());
        assertThat(ConnectedSocket.hasHungUp(c.server())).isFalse();
        close(c.client());
        assertThat(ConnectedSocket.hasHungUp(c.server())).isTrue();
    }

    @Test
    void aTcpClientHasHungUpWhenItSendsNoMore() {
        Connection c = tcp();
        assertThat(ConnectedSocket.hasHungUp(c.server())).isFalse();
        assertThat(ConnectedSocket.write(c.client(), SOME, 0, 4)).isEqualTo(new Moved.Bytes(4));
        await().until(() -> ConnectedSocket.hasUnread(c.server()));
        assertThat(ConnectedSocket.hasHungUp(c.server())).isFalse();
        close(c.client());
        await().until(() -> ConnectedSocket.hasHungUp(c.server()));
    }

    /** What ends a connection that a web server keeps open, before its worker is retired. */
    @Test
    void aShutdownForReceivingEndsAReaderOfTheSameSocket() {
        Connection c = unix();
        assertThat(ConnectedSocket.shutdown(c.server(), Direction.RECEIVING)).isEmpty();
        assertThat(ConnectedSocket.read(c.server(), new byte[1])).isEqualTo(new Moved.Ended());
        assertThat(ConnectedSocket.write(c.server(), SOME, 0, 4)).isEqualTo(new Moved.Bytes(4));
        assertThat(ConnectedSocket.shutdown(c.server(), Direction.BOTH)).isEmpty();
        assertThat(ConnectedSocket.write(c.server(), SOME, 0, 4)).isEqualTo(new Moved.Ended());
    }
}
