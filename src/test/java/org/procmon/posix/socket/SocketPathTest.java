package org.procmon.posix.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.posix.DatagramInbox;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Errno;

@Timeout(60)
class SocketPathTest {
    @TempDir Path folder = Path.of("");

    private SocketPath look() {
        return SocketPath.look(folder.resolve("s").toString());
    }

    @Test
    void nothingIsThere() {
        assertThat(look()).isEqualTo(new SocketPath.Nothing());
    }

    @Test
    void aSocketIsLiveUntilItsListenerIsClosed() {
        try (Descriptor _ = TestListeners.at(folder.resolve("s"))) {
            assertThat(look()).isEqualTo(new SocketPath.Live());
        }
        assertThat(look()).isEqualTo(new SocketPath.Stale());
    }

    @Test
    void aSocketWithAFullQueueIsLive() throws IOException {
        Path path = folder.resolve("s");
        try (Descriptor _ = TestListeners.at(path, 0);
                SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            assertThat(look()).isEqualTo(new SocketPath.Live());
        }
    }

    @Test
    void aSocketForDatagramsIsLive() {
        String path = folder.resolve("s").toString();
        if (!(DatagramInbox.open(path, OptionalInt.empty())
                instanceof DatagramInbox.Result.Opened(DatagramInbox inbox))) {
            throw new AssertionError("there is no socket");
        }
        try (inbox) {
            assertThat(look()).isEqualTo(new SocketPath.Live());
        }
    }

    @Test
    void filesAndLinksAreNoSockets() throws IOException {
        Files.createFile(folder.resolve("s"));
        assertThat(look()).isEqualTo(new SocketPath.NoSocket());

        Files.delete(folder.resolve("s"));
        try (Descriptor _ = TestListeners.at(folder.resolve("target"))) {
            Files.createSymbolicLink(folder.resolve("s"), folder.resolve("target"));
            assertThat(look()).isEqualTo(new SocketPath.NoSocket());
        }
    }

    @Test
    void aPathThatCannotBeReachedIsUnknown() throws IOException {
        Files.createFile(folder.resolve("file"));
        assertThat(SocketPath.look(folder.resolve("file/s").toString()))
                .isEqualTo(new SocketPath.Unknown(Errno.NO_FOLDER));
    }
}
