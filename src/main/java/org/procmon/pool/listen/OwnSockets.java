package org.procmon.pool.listen;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.OptionalInt;
import org.procmon.bytes.BytePath;
import org.procmon.config.InputSpec;
import org.procmon.config.PoolSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.config.pool.OwnSocket;
import org.procmon.config.pool.PoolAddress;
import org.procmon.posix.CurrentProcess;
import org.procmon.posix.FileNames;
import org.procmon.posix.FileStatus;
import org.procmon.posix.socket.SocketPath;

/**
 * The sockets that workers open themselves. A worker listens in a folder that is made for its run
 * and that no other user may enter. When it is ready, its socket gets a second name, with the
 * configured mode and owner, in the place of that of the worker before: a hard link, since only the
 * monitor may change the folder of that name. Any thread; takes some microseconds. Source: link(2),
 * unix(7).
 */
public final class OwnSockets {
    private static final int WRITABLE_BY_ALL = 02;
    private static final int WRITABLE_BY_GROUP = 020;

    private OwnSockets() {}

    private static Optional<OwnSocket> of(ProcessSpec worker) {
        return worker.stdin() instanceof InputSpec.Listener listener
                ? listener.own()
                : Optional.empty();
    }

    /**
     * Makes a new folder for the socket of a run.
     *
     * @param owner the user of the worker; empty for that of the monitor
     * @return the reason if that fails
     */
    public static Optional<String> makeFolder(ProcessSpec worker, OptionalInt owner) {
        return of(worker).flatMap(socket -> make(socket, owner));
    }

    private static Optional<String> make(OwnSocket socket, OptionalInt owner) {
        Path folder = socket.folder();
        try {
            Files.createDirectories(
                    socket.parent(),
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwxr-xr-x")));
            Optional<String> unsafe = unsafe(socket.parent());
            if (unsafe.isPresent()) {
                return unsafe;
            }
            empty(folder);
            Files.createDirectory(
                    folder,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
            if (owner.isPresent()) {
                Files.setAttribute(folder, "unix:uid", owner.getAsInt(), LinkOption.NOFOLLOW_LINKS);
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("cannot make the folder " + folder + ": " + e.getMessage());
        }
    }

    /**
     * Whether another user could put something in the place of a folder or a socket, such as a link
     * to files that would be removed. A sticky folder is no exception: it may be there first.
     */
    private static Optional<String> unsafe(Path parent) {
        FileStatus status = new FileStatus();
        if (!status.readTarget(BytePath.text(parent))) {
            return Optional.of("cannot look at " + parent + ": " + status.errno().words());
        }
        boolean isOurs = status.owner() == 0 || status.owner() == CurrentProcess.uid();
        boolean isOurGroup = status.group() == 0 || status.group() == CurrentProcess.gid();
        boolean isClosed =
                (status.mode() & WRITABLE_BY_ALL) == 0
                        && (isOurGroup || (status.mode() & WRITABLE_BY_GROUP) == 0);
        return isOurs && isClosed
                ? Optional.empty()
                : Optional.of(
                        "other users may replace sockets in the folder "
                                + parent
                                + "; give 'listen' a folder that only root and the monitor can"
                                + " write");
    }

    /** Removes a folder with its files. What is a link itself leads nowhere. */
    private static void empty(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            Files.deleteIfExists(folder);
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException _) {
            return;
        }
        Files.deleteIfExists(folder);
    }

    /**
     * Lets clients reach a worker that is ready, and no longer the one before.
     *
     * @return the reason if that cannot be done
     */
    public static Optional<String> publish(PoolSpec pool, ProcessSpec worker) {
        return of(worker).flatMap(socket -> publish(pool, socket));
    }

    private static Optional<String> publish(PoolSpec pool, OwnSocket socket) {
        Path name = socket.address().path();
        Optional<String> unsafe = unsafe(socket.parent());
        if (unsafe.isPresent() || isSame(name, socket.path())) {
            return unsafe;
        }
        Path next = BytePath.of(BytePath.text(socket.folder()) + ".new");
        FileStatus status = new FileStatus();
        try {
            if (status.read(BytePath.text(name)) && !status.isSocket()) {
                return Optional.of(
                        "cannot listen on " + name + ": there is a file that is no socket");
            }
            Files.deleteIfExists(next);
            Files.createLink(next, socket.path());
            // The worker may have put another kind of file there.
            if (!status.read(BytePath.text(next)) || !status.isSocket()) {
                Files.deleteIfExists(next);
                return Optional.of("the worker has opened no socket at " + socket.path());
            }
        } catch (IOException e) {
            return Optional.of("cannot listen on " + name + ": " + e.getMessage());
        }
        Optional<String> failed =
                ListenerOpener.access(
                                pool.listen(),
                                new PoolAddress.UnixPath(next, socket.address().mode()))
                        .or(() ->
                                FileNames.rename(BytePath.text(next), BytePath.text(name))
                                        .map(errno ->
                                                "cannot listen on " + name + ": " + errno.words()));
        if (failed.isPresent()) {
            var _ = FileNames.remove(BytePath.text(next));
        }
        return failed;
    }

    /** Lets no further client reach a worker that is about to stop. */
    public static void withdraw(ProcessSpec worker) {
        of(worker)
                .ifPresent(socket -> {
                    if (unsafe(socket.parent()).isEmpty()
                            && isSame(socket.address().path(), socket.path())) {
                        var _ = FileNames.remove(BytePath.text(socket.address().path()));
                    }
                });
    }

    private static boolean isSame(Path one, Path other) {
        FileStatus status = new FileStatus();
        if (!status.read(BytePath.text(one))) {
            return false;
        }
        long inode = status.inode();
        return status.read(BytePath.text(other)) && status.inode() == inode;
    }

    /** Removes what a run has left, if nobody listens there any more. */
    public static void remove(ProcessSpec worker) {
        of(worker).ifPresent(OwnSockets::remove);
    }

    private static void remove(OwnSocket socket) {
        if (unsafe(socket.parent()).isPresent()) {
            return;
        }
        try {
            empty(socket.folder());
        } catch (IOException _) {
            // It is emptied before the next run, which reports what is wrong.
        }
        String name = BytePath.text(socket.address().path());
        if (SocketPath.look(name) instanceof SocketPath.Stale) {
            var _ = FileNames.remove(name);
        }
    }
}
