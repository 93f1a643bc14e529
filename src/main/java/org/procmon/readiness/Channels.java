package org.procmon.readiness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.procmon.posix.DatagramInbox;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Fifo;
import org.procmon.posix.FileNames;
import org.procmon.posix.FileStatus;
import org.procmon.posix.Self;

/**
 * The sockets and fifos on which runs say how they are: in the state folder, {@code notify/NAME}
 * and {@code ready/NAME}. A process of another user has to pass through the state folder to its
 * socket, so that is let be passed through, though not looked into, once there is one. Loop thread
 * only.
 */
final class Channels {
    private static final Set<PosixFilePermission> OWNER =
            PosixFilePermissions.fromString("rwx------");

    private static final Set<PosixFilePermission> OTHERS =
            Set.of(
                    PosixFilePermission.OTHERS_READ,
                    PosixFilePermission.OTHERS_WRITE,
                    PosixFilePermission.OTHERS_EXECUTE);

    /** What cannot be had, in words. */
    static final class Unavailable extends Exception {
        private static final long serialVersionUID = 1;

        private final String reason;

        Unavailable(String reason) {
            super(reason);
            this.reason = reason;
        }

        String reason() {
            return reason;
        }
    }

    private final Path state;
    private final Path sockets;
    private final Path fifos;
    private final FileStatus status = new FileStatus();

    /**
     * @param state the state folder
     */
    Channels(Path state) {
        this.state = state;
        this.sockets = state.resolve("notify");
        this.fifos = state.resolve("ready");
    }

    String inboxPath(String name) {
        return sockets + "/" + name;
    }

    String fifoPath(String name) {
        return fifos + "/" + name;
    }

    /**
     * Makes the socket of a run.
     *
     * @param owner the user that it runs as; empty for the monitor's own
     */
    DatagramInbox openInbox(String name, OptionalInt owner) throws Unavailable {
        String path = inboxPath(name);
        make(sockets);
        if (owner.isPresent() && owner.getAsInt() != Self.uid()) {
            letPass();
        }
        return switch (DatagramInbox.open(path, owner)) {
            case DatagramInbox.Result.Opened(DatagramInbox inbox) -> inbox;
            case DatagramInbox.Result.NotOpened not -> {
                int length = path.getBytes(StandardCharsets.UTF_8).length;
                throw new Unavailable(
                        "cannot make the socket "
                                + path
                                + ": "
                                + (length > DatagramInbox.LONGEST_PATH
                                        ? "its path has "
                                                + length
                                                + " bytes, and a socket's at most "
                                                + DatagramInbox.LONGEST_PATH
                                                + "; a shorter 'id' or state folder helps"
                                        : not.errno().words()));
            }
        };
    }

    /** Makes it anew where there was one, for the same user. */
    DatagramInbox reopenInbox(String name) throws Unavailable {
        boolean there = status.read(inboxPath(name));
        return openInbox(name, there ? OptionalInt.of(status.owner()) : OptionalInt.empty());
    }

    /** Makes the fifo of a run, with nothing in it. */
    Descriptor openFifo(String name) throws Unavailable {
        make(fifos);
        FileNames.remove(fifoPath(name));
        return opened(name, Fifo.open(fifoPath(name)));
    }

    Descriptor reopenFifo(String name) throws Unavailable {
        return opened(name, Fifo.openExisting(fifoPath(name)));
    }

    private Descriptor opened(String name, Descriptor.Result result) throws Unavailable {
        return switch (result) {
            case Descriptor.Result.Opened(Descriptor fifo) -> fifo;
            case Descriptor.Result.NotOpened not ->
                    throw new Unavailable(
                            "cannot make the fifo " + fifoPath(name) + ": " + not.errno().words());
        };
    }

    /** What a run is given has no use for others. */
    void remove(String name) {
        FileNames.remove(inboxPath(name));
        FileNames.remove(fifoPath(name));
    }

    private static void make(Path folder) throws Unavailable {
        if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER));
        } catch (IOException e) {
            throw new Unavailable("cannot make the folder " + folder + ": " + e);
        }
    }

    /** To the sockets, and to nothing else that lies beside them. */
    private void letPass() throws Unavailable {
        try {
            if (permissions(state).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                return;
            }
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(state)) {
                for (Path entry : entries) {
                    // Its mode is the configuration's business.
                    boolean isSocket =
                            Files.readAttributes(entry, BasicFileAttributes.class).isOther();
                    if (!isSocket) {
                        Set<PosixFilePermission> closed = permissions(entry);
                        closed.removeAll(OTHERS);
                        Files.setPosixFilePermissions(entry, closed);
                    }
                }
            }
            for (Path folder : List.of(sockets, state)) {
                Set<PosixFilePermission> open = permissions(folder);
                open.add(PosixFilePermission.OTHERS_EXECUTE);
                Files.setPosixFilePermissions(folder, open);
            }
        } catch (IOException e) {
            throw new Unavailable("cannot let others pass through " + state + ": " + e);
        }
    }

    private static Set<PosixFilePermission> permissions(Path path) throws IOException {
        return new HashSet<>(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
    }
}
