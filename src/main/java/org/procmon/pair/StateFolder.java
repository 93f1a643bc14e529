package org.procmon.pair;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.procmon.bytes.BytePath;
import org.procmon.posix.CurrentProcess;
import org.procmon.posix.Descriptor;
import org.procmon.posix.FileIdentity;
import org.procmon.posix.FileLock;
import org.procmon.posix.ProcessStat;
import org.procmon.posix.Processes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state directory: what one monitor needs while it runs, locked for it alone. The kernel
 * releases the lock when the monitor dies, however it dies, unless another process has inherited
 * it.
 */
public final class StateFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("state");

    private static final String LOCK = "lock";
    private static final String REMEDY = "; name another with --state-dir or PROCMON_STATE_DIR";
    private static final Duration HANDOVER = Duration.ofSeconds(3);
    private static final Set<PosixFilePermission> OWNER =
            PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OWNER_AND_GROUP =
            PosixFilePermissions.fromString("rwxr-x---");

    private final Path path;
    private volatile FileLock lock;
    private volatile Optional<FileIdentity> folder;
    private volatile Optional<FileIdentity> lockFile;

    private StateFolder(Path path, FileLock lock) {
        this.path = path;
        this.lock = lock;
        lock.write(CurrentProcess.pid() + "\n");
        this.folder = FileIdentity.of(path);
        this.lockFile = FileIdentity.of(path.resolve(LOCK));
    }

    /**
     * Makes the directory if necessary, and locks it. To be followed by {@link #protect}: until it
     * is locked it may be another monitor's.
     *
     * @param uid the user that this monitor runs as
     * @throws IOException if it belongs to another user, is a link, is locked by another monitor,
     *     or if monitors still run that started with another directory at this path
     */
    public static StateFolder open(Path path, int uid) throws IOException {
        StateFolder folder = openUnlessLocked(path, uid);
        if (InstanceLock.others(path).isEmpty()) {
            return folder;
        }
        // They make the directory again, for which they need its lock.
        folder.close();
        List<Integer> others = InstanceLock.lastingOthers(path);
        if (others.isEmpty()) {
            return openUnlessLocked(path, uid);
        }
        throw new IOException(
                "monitors, pid %s, supervise from the state folder %s, which was removed or replaced since they started; 'procmon run --take-over' takes over from them"
                        .formatted(
                                others.stream().map(String::valueOf).collect(joining(" and ")),
                                path));
    }

    private static StateFolder openUnlessLocked(Path path, int uid) throws IOException {
        prepare(path, uid);
        FileLock lock = openLock(path);
        if (!lock.tryLock() && (isAlive(holder(lock)) || !lockSoon(lock))) {
            throw refused(path, lock);
        }
        return new StateFolder(path, lock);
    }

    /**
     * Takes over a directory that the previous program of this process, or the process that started
     * it, has locked.
     *
     * @param descriptor its lock file, open
     * @throws IOException if it belongs to another user, is a link, or is locked by another monitor
     */
    public static StateFolder inherit(Path path, int uid, int descriptor) throws IOException {
        prepare(path, uid);
        FileLock lock = FileLock.inherited(descriptor);
        if (!lock.tryLock()) {
            throw refused(path, lock);
        }
        return new StateFolder(path, lock);
    }

    /**
     * Waits until a monitor that is exiting has released the directory, and locks it. Blocks;
     * platform threads only.
     *
     * @param predecessor the pid of that monitor
     * @throws IOException if it belongs to another user, is a link, or is locked by yet another
     *     monitor
     */
    static StateFolder await(Path path, int uid, int predecessor) throws IOException {
        prepare(path, uid);
        FileLock lock = openLock(path);
        while (!lock.tryLock() && !lockSoon(lock)) {
            Optional<Integer> holder = holder(lock);
            if (isAlive(holder) && !holder.equals(Optional.of(predecessor))) {
                throw refused(path, lock);
            }
        }
        return new StateFolder(path, lock);
    }

    /**
     * The pid of the monitor that has the directory locked; empty if none has.
     *
     * @throws IOException if it is locked by an unknown process
     */
    static Optional<Integer> lockedBy(Path path) throws IOException {
        if (!Files.exists(path.resolve(LOCK), LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try (FileLock lock = openLock(path)) {
            if (lock.tryLock() || (!isAlive(holder(lock)) && lockSoon(lock))) {
                return Optional.empty();
            }
            Optional<Integer> pid = holder(lock).filter(p -> hasOpen(p, path.resolve(LOCK)));
            if (pid.isEmpty()) {
                throw new IOException("cannot find out which monitor runs on " + path);
            }
            return pid;
        }
    }

    private static boolean hasOpen(int pid, Path file) {
        try {
            return Processes.openFiles(pid).contains(BytePath.text(file.toRealPath()));
        } catch (IOException _) {
            return false;
        }
    }

    Path path() {
        return path;
    }

    /** Whether the directory at the path is still the one that this monitor uses. */
    boolean isInPlace() {
        return FileIdentity.of(path).equals(folder);
    }

    /** Whether the lock file at its path is the one that this monitor has locked. */
    boolean isLockInPlace() {
        return FileIdentity.of(path.resolve(LOCK)).equals(lockFile);
    }

    /**
     * Makes the directory and its lock file again where they are gone, and locks the latter.
     * Blocks; platform threads only.
     *
     * @param uid the user that this monitor runs as
     * @throws IOException if what exists now belongs to another user, is a link, or is locked
     */
    void restore(int uid) throws IOException {
        prepare(path, uid);
        folder = FileIdentity.of(path);
        if (isLockInPlace()) {
            return;
        }
        FileLock fresh = openLock(path);
        if (!fresh.tryLock() && !lockSoon(fresh)) {
            throw refused(path, fresh);
        }
        fresh.write(CurrentProcess.pid() + "\n");
        FileLock old = lock;
        lock = fresh;
        lockFile = FileIdentity.of(path.resolve(LOCK));
        old.close();
    }

    /**
     * Makes sure that no other user can write in the directory.
     *
     * @param group the group that may reach the socket in it
     * @throws IOException if there is no such group, or it cannot own the directory
     */
    public void protect(Optional<String> group) throws IOException {
        protect(path, group);
    }

    /**
     * As {@link #protect}, but if that fails, the directory stays as an earlier monitor has locked
     * and protected it: no process is to lose its monitor for it.
     */
    public void protectFurther(Optional<String> group) {
        try {
            protect(path, group);
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("state", path)
                    .addKeyValue("reason", e.getMessage())
                    .log("cannot protect the state directory");
        }
    }

    /** The locked file, for the program that continues with the directory. */
    Descriptor lockDescriptor() {
        return lock.descriptor();
    }

    /** Releases the directory, unless another process has inherited its lock; once. */
    @Override
    public void close() {
        lock.close();
    }

    private static void prepare(Path path, int uid) throws IOException {
        make(path);
        int owner = (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        if (owner != uid) {
            throw unusable(path, "it belongs to uid " + owner + ", not " + uid);
        }
    }

    private static IOException unusable(Path path, String reason) {
        return new IOException("cannot use the state folder " + path + ": " + reason + REMEDY);
    }

    private static FileLock openLock(Path path) throws IOException {
        Path file = path.resolve(LOCK);
        return switch (FileLock.open(BytePath.text(file))) {
            case FileLock.Result.Opened opened -> opened.lock();
            case FileLock.Result.NotOpened failed ->
                    throw new IOException("cannot open " + file + ": " + failed.errno().words());
        };
    }

    /** The pid of the last monitor that had it; it may be dead. */
    private static Optional<Integer> holder(FileLock lock) {
        try {
            return Optional.of(Integer.valueOf(lock.text().strip()));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    private static boolean isAlive(Optional<Integer> pid) {
        return pid.flatMap(ProcessStat::of).filter(stat -> !stat.hasEnded()).isPresent();
    }

    /**
     * Waits for the lock of a dead monitor: a child that it was just starting holds the lock until
     * it executes its program.
     */
    private static boolean lockSoon(FileLock lock) {
        Thread waiting = Thread.ofPlatform().daemon().name("lock").start(lock::lock);
        try {
            return waiting.join(HANDOVER);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static IOException refused(Path path, FileLock lock) {
        String pid = lock.text().strip();
        lock.close();
        return new IOException(
                "another monitor, pid " + pid + ", runs on the state folder " + path);
    }

    private static void make(Path path) throws IOException {
        Path parent = path.toAbsolutePath().getParent();
        try {
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.createDirectory(path, PosixFilePermissions.asFileAttribute(OWNER));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                throw unusable(
                        path,
                        Files.isSymbolicLink(path)
                                ? "it is a symbolic link"
                                : e.getFile() + " is not a folder");
            }
        } catch (AccessDeniedException e) {
            throw unusable(path, "there is no permission to make " + e.getFile());
        } catch (FileSystemException e) {
            throw unusable(path, "cannot make " + e.getFile() + ": " + e.getReason());
        }
    }

    private static void protect(Path path, Optional<String> group) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(
                        path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (group.isPresent()) {
            view.setGroup(lookUp(path, group.get()));
        }
        Set<PosixFilePermission> wanted = group.isPresent() ? OWNER_AND_GROUP : OWNER;
        Set<PosixFilePermission> found =
                new HashSet<>(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
        // Processes of other users may have to pass through to their own sockets.
        found.remove(PosixFilePermission.OTHERS_EXECUTE);
        if (!found.equals(wanted)) {
            Files.setPosixFilePermissions(path, wanted);
        }
    }

    private static GroupPrincipal lookUp(Path path, String group) throws IOException {
        try {
            return path.getFileSystem()
                    .getUserPrincipalLookupService()
                    .lookupPrincipalByGroupName(group);
        } catch (UserPrincipalNotFoundException e) {
            throw new IOException("there is no group '" + group + "' (control.socket_group)", e);
        }
    }
}
