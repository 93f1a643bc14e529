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
 * The sockets and fifos on which runs say how they are: in the state folder, {@code
 * notify/CHANCE.NAME} and {@code ready/NAME}. What comes from somebody who has ended can be told
 * from what a stranger says only by this: chance makes another path for each run, which the run
 * finds in its environment, and others cannot guess. A process of another user has to pass through
 * the state folder to its socket, so that is let be passed through, though not looked into, once
 * there is one. Loop thread only.
 */
public final class NotifyChannels {
    private static final Set<PosixFilePermission> OWNER =
            PosixFilePermissions.fromString("rwx------");

    private static final Set<PosixFilePermission> OTHERS =
            Set.of(
                    PosixFilePermission.OTHERS_READ,
                    PosixFilePermission.OTHERS_WRITE,
                    PosixFilePermission.OTHERS_EXECUTE);

    /** Where the last 48 bits begin: too many to be tried out, and a path may not be long. */
    private static final int MUCH_CHANCE = 24;

    /** What cannot be had, in words. */
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

    /** The sockets that there are, by the name of the process. */
    private final Map<String, Path> inboxes = new HashMap<>();

    /**
     * @param state the state folder
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
            // Who was given one of them is not heard any more, as when it is gone.
        }
    }

    /** Of the present run, or the one that is about to begin. */
    public String inboxPath(String name) {
        Path socket = inboxes.get(name);
        if (socket == null) {
            throw new IllegalStateException("there is no socket for " + name);
        }
        return BytePath.text(socket);
    }

    private Path anotherInbox(String name) {
        String chance = UUID.randomUUID().toString().substring(MUCH_CHANCE);
        return sockets.resolve(chance + "." + name);
    }

    public String fifoPath(String name) {
        return BytePath.text(fifos) + "/" + name;
    }

    /**
     * Makes the socket of a run that is to begin, at a path of its own.
     *
     * @param owner the user that it runs as; empty for the monitor's own
     */
    public DatagramInbox openInbox(String name, OptionalInt owner) throws Unavailable {
        removeInbox(name);
        return openInbox(name, anotherInbox(name), owner);
    }

    private DatagramInbox openInbox(String name, Path socket, OptionalInt owner)
            throws Unavailable {
        String path = BytePath.text(socket);
        inboxes.put(name, socket);
        make(sockets);
        if (owner.isPresent() && owner.getAsInt() != CurrentProcess.uid()) {
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
    public DatagramInbox reopenInbox(String name) throws Unavailable {
        Path known = inboxes.get(name);
        Path socket = known == null ? anotherInbox(name) : known;
        boolean there = status.read(BytePath.text(socket));
        OptionalInt owner = there ? OptionalInt.of(status.owner()) : OptionalInt.empty();
        return openInbox(name, socket, owner);
    }

    /** Makes the fifo of a run, with nothing in it. */
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

    /** What a run is given has no use for others. */
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
