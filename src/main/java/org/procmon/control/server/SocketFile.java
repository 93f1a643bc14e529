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
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.procmon.spec.ControlSpec;

/**
 * A listening socket and its file. Source: unix(7), "Pathname socket ownership and permissions".
 *
 * @param path where clients find it
 * @param channel what listens
 * @param inode which file is ours, in case another takes its place
 */
record SocketFile(Path path, ServerSocketChannel channel, Object inode) {
    private static final int BACKLOG = 128;
    private static final int TYPE_BITS = 0170000;
    private static final int TYPE_SOCKET = 0140000;

    /**
     * Listens. The file is made in a folder that nobody else may enter and moved to its place when
     * its mode and group are right, so at no time may anyone connect who should not.
     *
     * @throws IOException if it cannot, or if somebody listens there already
     */
    static SocketFile bind(Path path, ControlSpec control) throws IOException {
        refuseToReplaceALiveOne(path);
        // As long a name as the socket's own at most: the length of a socket's path is limited.
        Path folder = path.resolveSibling(".b" + ProcessHandle.current().pid());
        Path fresh = folder.resolve("s");
        makePrivate(folder, fresh);
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(UnixDomainSocketAddress.of(fresh), BACKLOG);
            own(fresh, control);
            Object inode = Files.getAttribute(fresh, "unix:ino", LinkOption.NOFOLLOW_LINKS);
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
            return new SocketFile(path, channel, inode);
        } catch (IOException e) {
            channel.close();
            throw new IOException("cannot listen on " + path + ": " + e.getMessage(), e);
        } finally {
            Files.deleteIfExists(fresh);
            Files.deleteIfExists(folder);
        }
    }

    /** Stops listening, and removes the file unless it has become somebody else's. */
    void close() throws IOException {
        channel.close();
        try {
            Object there = Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS);
            if (there.equals(inode)) {
                Files.delete(path);
            }
        } catch (NoSuchFileException _) {
            // Somebody has tidied up.
        }
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
