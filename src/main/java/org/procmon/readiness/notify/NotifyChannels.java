package org.procmon.readiness.notify;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import org.procmon.bytes.BytePath;
import org.procmon.posix.CurrentProcess;
import org.procmon.posix.DatagramInbox;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Fifo;
import org.procmon.posix.FileNames;
import org.procmon.posix.FileStatus;

/**
 * The sockets and fifos on which runs report their state: {@code notify/RANDOM.NAME} and {@code
 * ready/NAME} in the state directory.
 *
 * <p>Once a sender has exited, only the path distinguishes its message from a stranger's. So each
 * run has a random path, which it finds in its environment and others cannot guess. A process of
 * another user must traverse the state directory to reach its socket. Once there is such a socket,
 * the directory allows that, but not listing. Loop thread only.
 */
public final class NotifyChannels {
    private static final Set<PosixFilePermission> OWNER =
            PosixFilePermissions.fromString("rwx------");

    private static final Set<PosixFilePermission> OTHERS =
            Set.of(
                    PosixFilePermission.OTHERS_READ,
                    PosixFilePermission.OTHERS_WRITE,
                    PosixFilePermission.OTHERS_EXECUTE);

    /** Where the last 48 bits start: too many to guess, and few enough for a short path. */
    private static final int RANDOM_PART_START = 24;

    /** Why a channel cannot be opened, in words. */
    public static final class Unavailable extends Exception {
        private static final long serialVersionUID = 1;

        private final String reason;

        Unavailable(String reason) {
            super(reason);
            this.reason = reason;
        }

        public String reason() {
            return reason;
        }
    }

    private final Path state;
    private final Path sockets;
    private final Path fifos;
    private final FileStatus status = new FileStatus();

    /** The sockets that exist, by process name. */
    private final Map<String, Path> inboxes = new HashMap<>();

    /**
     * @param state the state directory
     */
    public NotifyChannels(Path state) {
        this.state = state;
        this.sockets = state.resolve("notify");
        this.fifos = state.resolve("ready");
        findInboxes();
    }

    private void findInboxes() {
        if (!Files.isDirectory(sockets, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(sockets)) {
            for (Path socket : entries) {
                String file = BytePath.text(sockets.relativize(socket));
                inboxes.put(file.substring(file.indexOf('.') + 1), socket);
            }
        } catch (IOException | DirectoryIteratorException _) {
            // Runs that use an earlier socket are no longer heard, as if it were gone.
        }
    }

    /** The path for the current run, or for the one about to start. */
    public String inboxPath(String name) {
        Path socket = inboxes.get(name);
        if (socket == null) {
            throw new IllegalStateException("there is no socket for " + name);
        }
        return BytePath.text(socket);
    }

    private Path newInboxPath(String name) {
        String random = UUID.randomUUID().toString().substring(RANDOM_PART_START);
        return sockets.resolve(random + "." + name);
    }

    public String fifoPath(String name) {
        return BytePath.text(fifos) + "/" + name;
    }

    /**
     * Creates the socket of a run that is about to start, at a path of its own.
     *
     * @param owner the user that the run runs as; empty for the monitor's own
     */
    public DatagramInbox openInbox(String name, OptionalInt owner) throws Unavailable {
        removeInbox(name);
        return openInbox(name, newInboxPath(name), owner);
    }

    private DatagramInbox openInbox(String name, Path socket, OptionalInt owner)
            throws Unavailable {
        String path = BytePath.text(socket);
        inboxes.put(name, socket);
        make(sockets);
        if (owner.isPresent() && owner.getAsInt() != CurrentProcess.uid()) {
            allowTraversal();
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

    /** Creates the socket again at the same path, for the same user. */
    public DatagramInbox reopenInbox(String name) throws Unavailable {
        Path known = inboxes.get(name);
        Path socket = known == null ? newInboxPath(name) : known;
        boolean there = status.read(BytePath.text(socket));
        OptionalInt owner = there ? OptionalInt.of(status.owner()) : OptionalInt.empty();
        return openInbox(name, socket, owner);
    }

    /** Creates the empty fifo of a run. */
    public Descriptor openFifo(String name) throws Unavailable {
        make(fifos);
        FileNames.remove(fifoPath(name));
        return opened(name, Fifo.open(fifoPath(name)));
    }

    public Descriptor reopenFifo(String name) throws Unavailable {
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

    /** Removes the channels of a process; only their run can use them. */
    public void remove(String name) {
        removeInbox(name);
        FileNames.remove(fifoPath(name));
    }

    private void removeInbox(String name) {
        Path socket = inboxes.remove(name);
        if (socket != null) {
            FileNames.remove(BytePath.text(socket));
        }
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

    /** Allows other users to reach the sockets, and no other file beside them. */
    private void allowTraversal() throws Unavailable {
        try {
            if (permissions(state).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                return;
            }
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(state)) {
                for (Path entry : entries) {
                    // The configuration sets its mode.
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
