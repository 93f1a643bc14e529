package org.procmon.listen;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.procmon.bytes.BytePath;

/** Where the option {@code --listen} of the programs for web servers opens a socket. */
public sealed interface ListenAddress {
    int BACKLOG = 1024;

    /** {@code HOST:PORT}; the host is not resolved before the socket is opened. */
    record Tcp(String host, int port) implements ListenAddress {
        @Override
        public ServerSocketChannel open() throws IOException {
            ServerSocketChannel channel = ServerSocketChannel.open();
            try {
                return channel.bind(
                        new InetSocketAddress(InetAddress.getByName(host), port), BACKLOG);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        }

        @Override
        public void remove() {
            // There is nothing to remove.
        }

        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    /**
     * A Unix socket of mode 0660. It replaces a socket that a dead program left behind; it leaves
     * alone a socket with a listener, and any other file.
     */
    record Unix(Path path) implements ListenAddress {
        @Override
        public ServerSocketChannel open() throws IOException {
            removeStale();
            ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.bind(UnixDomainSocketAddress.of(path), BACKLOG);
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
                return channel;
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        }

        @Override
        public void remove() {
            try {
                removeStale();
            } catch (IOException _) {
                // Another program has it by now, or the next one will find it stale.
            }
        }

        @Override
        public String toString() {
            return path.toString();
        }

        /** Removes a socket without a listener; leaves all others alone. */
        private void removeStale() throws IOException {
            if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                return;
            }
            if (!isSocket()) {
                throw new BindException("it exists and is no socket");
            }
            SocketAddress address = UnixDomainSocketAddress.of(path);
            try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                // If the connection would block on a full backlog, the listener is alive.
                probe.configureBlocking(false);
                probe.connect(address);
                throw new BindException("another program listens there");
            } catch (ConnectException _) {
                Files.deleteIfExists(path);
            }
        }

        private boolean isSocket() throws IOException {
            // S_IFMT and S_IFSOCK of inode(7).
            Object mode = Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            return mode instanceof Integer bits && (bits & 0170000) == 0140000;
        }
    }

    /**
     * Opens a listening socket.
     *
     * @throws IOException with the reason in words
     */
    ServerSocketChannel open() throws IOException;

    /** Removes the file that {@link #open} created, once the socket is closed. */
    void remove();

    /** Reads {@code /path}, {@code unix:/path}, {@code HOST:PORT} or {@code :PORT}. */
    static Optional<ListenAddress> parse(String text) {
        if (text.startsWith("unix:") && text.length() > "unix:".length()) {
            return Optional.of(new Unix(BytePath.named(text.substring("unix:".length()))));
        }
        if (text.startsWith("/")) {
            return Optional.of(new Unix(BytePath.named(text)));
        }
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            return Optional.empty();
        }
        String host = colon == 0 ? "127.0.0.1" : text.substring(0, colon);
        try {
            int port = Integer.parseInt(text, colon + 1, text.length(), 10);
            return port < 0 || port > 65535 ? Optional.empty() : Optional.of(new Tcp(host, port));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
