package org.procmon.pool.listen;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.Optional;
import org.procmon.bytes.BytePath;
import org.procmon.config.pool.ListenSpec;
import org.procmon.config.pool.PoolAddress;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Errno;
import org.procmon.posix.FileNames;
import org.procmon.posix.socket.PortListeners;
import org.procmon.posix.socket.ReusePortGroup;
import org.procmon.posix.socket.SocketPath;

/**
 * A second listener at an address that has one, for the next generation of workers.
 *
 * <p>Over Unix, it is bound beside the first, at {@code PATH.N}, and renamed over it: a client that
 * connects reaches the one or the other, and accepted sockets keep the name that was bound, so the
 * two are told apart. Over TCP, both are members of one SO_REUSEPORT group, in which a program of
 * one instruction chooses. Any thread; may block as a disk does.
 */
final class NextListener {
    private static final int OLD = 0;
    private static final int NEW = 1;
    private static final char BEFORE_NUMBER = '.';

    /** The number of a generation, behind the path, has no more digits. */
    private static final int MOST_DIGITS = 9;

    private NextListener() {}

    /** Opens it, so that no client reaches it yet; empty if that is impossible. */
    static Optional<OpenListener> open(ListenSpec spec, OpenListener old) {
        return switch (old.address()) {
            case PoolAddress.UnixPath path -> openBeside(spec, path, old);
            case PoolAddress.TcpPort tcp ->
                    // An earlier one that some process still has would get the clients.
                    PortListeners.count(tcp.port()) == 1
                                    && ReusePortGroup.choose(old.socket(), OLD).isEmpty()
                            ? opened(spec, tcp)
                            : Optional.empty();
            case PoolAddress.AbstractName _, PoolAddress.FromSystemd _ -> Optional.empty();
        };
    }

    private static Optional<OpenListener> openBeside(
            ListenSpec spec, PoolAddress.UnixPath path, OpenListener old) {
        String beside = beside(BytePath.text(path.path()), old);
        PoolAddress.UnixPath address = new PoolAddress.UnixPath(BytePath.of(beside), path.mode());
        return opened(spec, address)
                .map(next ->
                        new OpenListener(
                                old.name(),
                                path,
                                next.socket(),
                                next.boundName(),
                                next.port(),
                                next.inode()));
    }

    private static String beside(String path, OpenListener old) {
        return path + BEFORE_NUMBER + (number(old.name(), old.boundName()) + 1);
    }

    /** The first that was bound to the path itself is number 1. */
    static int number(String path, String bound) {
        return isOf(path, bound) && !bound.equals(path)
                ? Integer.parseInt(bound.substring(path.length() + 1))
                : 1;
    }

    /**
     * Whether clients of a path have reached a socket that was bound to a name: a second listener
     * that was not renamed yet still has a file of its own.
     */
    static boolean isReachedAt(String path, String bound) {
        return bound.equals(path)
                || (isOf(path, bound)
                        && !Files.exists(BytePath.of(bound), LinkOption.NOFOLLOW_LINKS));
    }

    /**
     * Whether a socket that was bound to a name belongs to a path: to itself, or {@code PATH.N}.
     */
    private static boolean isOf(String path, String bound) {
        if (bound.equals(path)) {
            return true;
        }
        String number =
                bound.startsWith(path + BEFORE_NUMBER) ? bound.substring(path.length() + 1) : "";
        return !number.isEmpty()
                && number.length() <= MOST_DIGITS
                && number.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static Optional<OpenListener> opened(ListenSpec spec, PoolAddress address) {
        return ListenerOpener.open(spec, address)
                        instanceof ListenerOpener.Result.Opened(OpenListener listener)
                ? Optional.of(listener)
                : Optional.empty();
    }

    /** From now on clients reach it, and not the old one; the reason if that fails. */
    static Optional<String> promote(OpenListener old, OpenListener next) {
        Optional<Errno> failed =
                next.isUnix()
                        ? FileNames.rename(next.boundName(), old.name())
                        : ReusePortGroup.choose(next.socket(), NEW);
        return failed.map(
                errno -> "cannot replace the listener " + old.name() + ": " + errno.words());
    }

    /** The file of a Unix listener, which is about to lose its name; empty for another. */
    static Optional<Descriptor> file(OpenListener old) {
        return old.isUnix()
                        && Descriptor.hold(old.name())
                                instanceof Descriptor.Result.Opened(Descriptor file)
                ? Optional.of(file)
                : Optional.empty();
    }

    /**
     * Completes what a monitor has begun before it died: all workers of a listener that it has
     * passed on are ready, so clients reach it.
     */
    static void complete(OpenListener passedOn) {
        if (hasOwnFile(passedOn)) {
            var _ = FileNames.rename(passedOn.boundName(), passedOn.name());
        } else if (passedOn.isUnix()) {
            removeStale(passedOn);
        }
    }

    /** The file of a next one that nobody has any more. */
    private static void removeStale(OpenListener present) {
        String beside = beside(present.name(), present);
        if (SocketPath.look(beside) instanceof SocketPath.Stale) {
            var _ = FileNames.remove(beside);
        }
    }

    /**
     * Removes the file of one that clients will never reach, while its workers still have it.
     *
     * @return whether it was one
     */
    static boolean forgetFile(OpenListener leaving) {
        boolean isNext = hasOwnFile(leaving);
        if (isNext) {
            drop(leaving);
        }
        return isNext;
    }

    private static boolean hasOwnFile(OpenListener listener) {
        return listener.isUnix()
                && !listener.boundName().equals(listener.name())
                && isOf(listener.name(), listener.boundName())
                && Files.exists(BytePath.of(listener.boundName()), LinkOption.NOFOLLOW_LINKS);
    }

    /** Removes one that no client has reached. */
    static void drop(OpenListener next) {
        if (next.isUnix()) {
            var _ = FileNames.remove(next.boundName());
        }
    }
}
