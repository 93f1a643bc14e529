package org.procmon.control.server;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.procmon.config.ControlSpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listening socket and its file. Source: unix(7), "Pathname socket ownership and permissions".
 */
public final class SocketFile {
    private static final Logger LOG = LoggerFactory.getLogger(SocketFile.class);
    private static final int BACKLOG = 128;
    private static final int TYPE_BITS = 0170000;
    private static final int TYPE_SOCKET = 0140000;

    private final Path path;
    private final ServerSocketChannel channel;
    private final Port port;

    /** Identifies our file, in case another one takes its place; empty if there was none. */
    private final Optional<Identity> identity;

    /** Distinguishes a file from any that has the same path at other times. */
    private record Identity(@Nullable Object key, FileTime made) {
        static Identity of(Path file) throws IOException {
            BasicFileAttributes attributes =
                    Files.readAttributes(
                            file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return new Identity(attributes.fileKey(), attributes.creationTime());
        }
    }

    private SocketFile(
            Path path, ServerSocketChannel channel, Port port, Optional<Identity> identity) {
        this.path = path;
        this.channel = channel;
        this.port = port;
        this.identity = identity;
    }

    /** Opens and closes listening sockets. */
    public interface Port {
        /** The JDK's own implementation. */
        Port JDK =
                (path, backlog) -> {
                    ServerSocketChannel channel =
                            ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                    try {
                        return channel.bind(UnixDomainSocketAddress.of(path), backlog);
                    } catch (IOException e) {
                        channel.close();
                        throw e;
                    }
                };

        /**
         * Creates a socket file, which must not exist, and listens.
         *
         * @param backlog how many connections may wait to be accepted
         */
        ServerSocketChannel listen(Path path, int backlog) throws IOException;

        /** Stops listening here; a process that inherited the socket still listens. */
        default void close(ServerSocketChannel channel) throws IOException {
            channel.close();
        }
    }

    /**
     * Takes over a socket that already listens, without touching its file.
     *
     * @param channel the socket from another monitor
     */
    public static SocketFile inherited(Path path, ServerSocketChannel channel, Port port)
            throws IOException {
        try {
            return new SocketFile(path, channel, port, Optional.of(Identity.of(path)));
        } catch (NoSuchFileException _) {
            return new SocketFile(path, channel, port, Optional.empty());
        }
    }

    /**
     * Listens. The file is created in a directory that no other user can enter, and moved to its
     * place when its mode and group are set, so at no time can a client connect that is not allowed
     * to.
     *
     * @throws IOException if it cannot, or if another program already listens there
     */
    public static SocketFile bind(Path path, ControlSpec control, Port port) throws IOException {
        refuseToReplaceALiveOne(path);
        // No longer than the socket's own name: the length of a socket's path is limited.
        Path folder = path.resolveSibling(".b" + ProcessHandle.current().pid());
        Path fresh = folder.resolve("s");
        makePrivate(folder, fresh);
        try {
            ServerSocketChannel channel = port.listen(fresh, BACKLOG);
            try {
                own(fresh, control);
                Identity identity = Identity.of(fresh);
                Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
                return new SocketFile(path, channel, port, Optional.of(identity));
            } catch (IOException e) {
                port.close(channel);
                throw e;
            }
        } catch (IOException e) {
            throw new IOException("cannot listen on " + path + ": " + e.getMessage(), e);
        } finally {
            Files.deleteIfExists(fresh);
            Files.deleteIfExists(folder);
        }
    }

    /**
     * Applies the group and mode of a changed configuration to the file. If that fails, the file
     * stays as it is: no process should lose its monitor over it.
     */
    public void follow(ControlSpec control) {
        try {
            if (isInPlace()) {
                own(path, control);
            }
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("socket", path)
                    .addKeyValue("reason", e.toString())
                    .log("cannot change the access to the socket");
        }
    }

    /** The path that clients use. */
    Path path() {
        return path;
    }

    /** The listening socket. */
    ServerSocketChannel channel() {
        return channel;
    }

    /** Stops listening, and removes the file unless another one has replaced it. */
    public void close() throws IOException {
        boolean isOurs = isInPlace();
        leave();
        if (isOurs) {
            Files.deleteIfExists(path);
        }
    }

    /** Whether clients that use the path reach this socket. Any thread. */
    public boolean isInPlace() {
        try {
            return identity.isPresent() && Identity.of(path).equals(identity.get());
        } catch (IOException _) {
            return false;
        }
    }

    /** Stops listening, and leaves the file to the process that the socket was passed to. */
    void leave() throws IOException {
        port.close(channel);
    }

    private static void refuseToReplaceALiveOne(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        if ((mode & TYPE_BITS) != TYPE_SOCKET) {
            throw new IOException("cannot listen on " + path + ": it is there and is no socket");
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            // If the connection would block on a full backlog, the listener is alive.
            probe.configureBlocking(false);
            probe.connect(UnixDomainSocketAddress.of(path));
        } catch (ConnectException _) {
            return;
        } catch (IOException e) {
            throw new IOException("cannot listen on " + path + ": " + e.getMessage(), e);
        }
        throw new IOException("cannot listen on " + path + ": another monitor does");
    }

    private static void makePrivate(Path folder, Path fresh) throws IOException {
        try {
            Files.createDirectory(
                    folder,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException _) {
            // A killed process that had our pid left it here.
            Files.deleteIfExists(fresh);
            Files.delete(folder);
            makePrivate(folder, fresh);
        } catch (IOException e) {
            throw new IOException(
                    "cannot create the directory " + folder + ": " + e.getMessage(), e);
        }
    }

    private static void own(Path file, ControlSpec control) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(file, PosixFileAttributeView.class);
        Optional<String> group = control.socketGroup();
        if (group.isPresent()) {
            view.setGroup(
                    file.getFileSystem()
                            .getUserPrincipalLookupService()
                            .lookupPrincipalByGroupName(group.get()));
        }
        view.setPermissions(permissions(control.socketMode()));
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        int bit = 0400;
        for (PosixFilePermission permission : PosixFilePermission.values()) {
            if ((mode & bit) != 0) {
                permissions.add(permission);
            }
            bit >>= 1;
        }
        return permissions;
    }
}
