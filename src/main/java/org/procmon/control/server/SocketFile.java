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

    /** Which file is ours, in case another takes its place; empty if there was none. */
    private final Optional<Identity> identity;

    /** Tells a file from all that have its path at other times. */
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

    /** Where listening sockets come from and how they go. */
    public interface Port {
        /** The JDK's own way. */
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
         * Makes a socket file, which must not be there, and listens.
         *
         * @param backlog how many connections may wait to be accepted
         */
        ServerSocketChannel listen(Path path, int backlog) throws IOException;

        /** Stops listening here; whoever else has inherited the socket goes on. */
        default void close(ServerSocketChannel channel) throws IOException {
            channel.close();
        }
    }

    /**
     * Goes on with a socket that listens already, without touching its file.
     *
     * @param channel what another monitor has left
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
     * Listens. The file is made in a folder that nobody else may enter and moved to its place when
     * its mode and group are right, so at no time may anyone connect who should not.
     *
     * @throws IOException if it cannot, or if somebody listens there already
     */
    public static SocketFile bind(Path path, ControlSpec control, Port port) throws IOException {
        refuseToReplaceALiveOne(path);
        // As long a name as the socket's own at most: the length of a socket's path is limited.
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
     * Gives the file the group and the mode of a configuration that is newer than it. Where that
     * cannot be done it stays as it is: no process is to lose its monitor for it.
     */
    public void follow(ControlSpec control) {
        try {
            if (isInPlace()) {
                own(path, control);
            }
        } catch (IOException e) {
            LOG.warn("the socket {} stays as it is: {}", path, e.toString());
        }
    }

    /** Where clients find it. */
    Path path() {
        return path;
    }

    /** What listens. */
    ServerSocketChannel channel() {
        return channel;
    }

    /** Stops listening, and removes the file unless it has become somebody else's. */
    public void close() throws IOException {
        boolean isOurs = isInPlace();
        leave();
        if (isOurs) {
            Files.deleteIfExists(path);
        }
    }

    /** Whether clients that look at the path find this socket. Any thread. */
    public boolean isInPlace() {
        try {
            return identity.isPresent() && Identity.of(path).equals(identity.get());
        } catch (IOException _) {
            return false;
        }
    }

    /** Stops listening, and leaves the file to whom the socket was handed on. */
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
            // Would a full backlog make it wait, somebody is alive behind it.
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
            // Left by a process that had our pid and was killed here.
            Files.deleteIfExists(fresh);
            Files.delete(folder);
            makePrivate(folder, fresh);
        } catch (IOException e) {
            throw new IOException("cannot make the folder " + folder + ": " + e.getMessage(), e);
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
