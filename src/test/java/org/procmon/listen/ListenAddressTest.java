package org.procmon.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.listen.ListenAddress.Tcp;
import org.procmon.listen.ListenAddress.Unix;

class ListenAddressTest {
    @TempDir Path folder;

    private Unix unix() {
        return new Unix(folder.resolve("s"));
    }

    @Test
    void eachFormIsUnderstood() {
        assertThat(ListenAddress.parse("/run/x.sock")).contains(new Unix(Path.of("/run/x.sock")));
        assertThat(ListenAddress.parse("unix:/run/x")).contains(new Unix(Path.of("/run/x")));
        assertThat(ListenAddress.parse("unix:x.sock")).contains(new Unix(Path.of("x.sock")));
        assertThat(ListenAddress.parse("localhost:9000")).contains(new Tcp("localhost", 9000));
        assertThat(ListenAddress.parse("[::1]:9000")).contains(new Tcp("[::1]", 9000));
        assertThat(ListenAddress.parse(":9000")).contains(new Tcp("127.0.0.1", 9000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "9000", ":", ":x", "h:65536", "h:-1", "h:", "unix:"})
    void allElseIsNoAddress(String text) {
        assertThat(ListenAddress.parse(text)).isEmpty();
    }

    @Test
    void aTcpSocketListens() throws IOException {
        try (ServerSocketChannel listener = new Tcp("127.0.0.1", 0).open();
                SocketChannel client = SocketChannel.open(listener.getLocalAddress())) {
            assertThat(client.isConnected()).isTrue();
        }
    }

    @Test
    void anUnknownHostIsAnError() {
        assertThatThrownBy(() -> new Tcp("no.such.host.invalid", 9000).open())
                .isInstanceOf(IOException.class);
    }

    @Test
    void aUnixSocketIsForItsUserAndGroup() throws IOException {
        try (ServerSocketChannel listener = unix().open()) {
            assertThat(listener.isOpen()).isTrue();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(unix().path())))
                    .isEqualTo("rw-rw----");
        }
    }

    @Test
    void aStaleSocketIsReplaced() throws IOException {
        unix().open().close();
        assertThat(unix().path()).exists();
        try (ServerSocketChannel _ = unix().open();
                SocketChannel client =
                        SocketChannel.open(UnixDomainSocketAddress.of(unix().path()))) {
            assertThat(client.isConnected()).isTrue();
        }
    }

    @Test
    void aLiveSocketIsLeftAlone() throws IOException {
        try (ServerSocketChannel _ = unix().open()) {
            assertThatThrownBy(() -> unix().open())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("another program listens there");
            unix().remove();
            try (SocketChannel client =
                    SocketChannel.open(UnixDomainSocketAddress.of(unix().path()))) {
                assertThat(client.isConnected()).isTrue();
            }
        }
        unix().remove();
        assertThat(unix().path()).doesNotExist();
    }

    @Test
    void aFileThatIsNoSocketIsLeftAlone() throws IOException {
        Files.writeString(unix().path(), "dear");
        assertThatThrownBy(() -> unix().open())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no socket");
        unix().remove();
        assertThat(unix().path()).hasContent("dear");
    }

    @Test
    void aLinkIsNotFollowed() throws IOException {
        Path other = folder.resolve("other");
        new Unix(other).open().close();
        Files.createSymbolicLink(unix().path(), other);
        assertThatThrownBy(() -> unix().open()).isInstanceOf(IOException.class);
        assertThat(other).exists();
    }
}
