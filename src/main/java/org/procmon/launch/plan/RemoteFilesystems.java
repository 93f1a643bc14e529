package org.procmon.launch.plan;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.procmon.bytes.BytePath;
import org.procmon.posix.FileStatus;
import org.procmon.posix.MountTable.Mount;

/**
 * Knows which files another machine, or another process, serves: accessing one may block for ever.
 * It does not access them itself; it reads the kernel's mount table, and links on the way that are
 * elsewhere. Any thread.
 */
public final class RemoteFilesystems {
    /** In addition to all that start with {@link #FUSE}. */
    private static final Set<String> FAR =
            Set.of(
                    "afs",
                    "autofs",
                    "beegfs",
                    "ceph",
                    "cifs",
                    "coda",
                    "davfs",
                    "fuse",
                    "gfs2",
                    "glusterfs",
                    "gpfs",
                    "lustre",
                    "ncpfs",
                    "nfs",
                    "nfs4",
                    "ocfs2",
                    "orangefs",
                    "smb3",
                    "smbfs");

    private static final String FUSE = "fuse.";
    private static final String TOP = "/";
    private static final Path ROOT = Path.of(TOP);
    static final Path HERE = BytePath.here();

    /** File systems mounted below these hold no programs; much of it is autofs. */
    private static final List<String> OF_THE_KERNEL = List.of("/proc/", "/sys/", "/dev/");

    /** Of links that are followed on the way; the kernel follows this many. */
    private static final int MOST_LINKS = 40;

    private final Supplier<List<Mount>> table;
    private final String searchPath;
    private final FileStatus status = new FileStatus();
    private List<Mount> seen = List.of();

    /** As the kernel writes them: not all of them need be paths in this process's encoding. */
    private Set<String> far = Set.of();

    /**
     * @param table the same list as long as it has not changed
     * @param searchPath the directories in which a program is looked for if its name has no slash
     */
    public RemoteFilesystems(Supplier<List<Mount>> table, String searchPath) {
        this.table = table;
        this.searchPath = searchPath;
    }

    /**
     * Whether executing a program may take for ever. Then the child first becomes a tool that
     * executes it, since the monitor does not wait for that step.
     *
     * @param cwd the directory in which it is started; empty for this process's own
     */
    public boolean mayHang(String program, Optional<Path> cwd) {
        return mayHang(program, cwd, searchPath);
    }

    /** As above, for a process that looks for programs in other directories. */
    public synchronized boolean mayHang(String program, Optional<Path> cwd, String folders) {
        look();
        try {
            return !far.isEmpty() && isFar(program, cwd, folders);
        } catch (InvalidPathException _) {
            // In this process's encoding there is no such name, so it cannot be looked at.
            return false;
        }
    }

    /** Whether a file system that may block is mounted at a path, or above it. */
    public synchronized boolean isBelowFar(String path) {
        look();
        for (String point : far) {
            if (path.equals(point) || path.startsWith(point + "/")) {
                return true;
            }
        }
        return false;
    }

    private boolean isFar(String program, Optional<Path> cwd, String folders) {
        if (cwd.isPresent() && leadsFar(cwd.get())) {
            return true;
        }
        if (program.indexOf(File.separatorChar) >= 0) {
            return leadsFar(cwd.orElse(HERE).resolve(program));
        }
        for (String folder : folders.split(":", -1)) {
            Path file = cwd.orElse(HERE).resolve(folder).resolve(program);
            if (leadsFar(file)) {
                return true;
            }
            if (Files.isExecutable(file)) {
                return false;
            }
        }
        return false;
    }

    /** If the root is remote, everything is, the tools too. */
    private void look() {
        List<Mount> now = table.get();
        if (now.equals(seen)) {
            return;
        }
        seen = now;
        Set<String> points = new HashSet<>();
        for (Mount mount : now) {
            if (isFar(mount)) {
                points.add(mount.point());
            } else {
                points.remove(mount.point());
            }
        }
        far = points;
    }

    private static boolean isFar(Mount mount) {
        return (FAR.contains(mount.type()) || mount.type().startsWith(FUSE))
                && !mount.point().equals(TOP)
                && OF_THE_KERNEL.stream().noneMatch(mount.point()::startsWith);
    }

    /**
     * Follows the path name by name, as the kernel does, and stops where it would have to ask
     * another machine.
     */
    private boolean leadsFar(Path path) {
        Deque<Path> names = new ArrayDeque<>();
        HERE.resolve(path).forEach(names::addLast);
        Path at = ROOT;
        int links = 0;
        while (!names.isEmpty()) {
            Path name = names.removeFirst();
            if (name.toString().equals("..")) {
                at = at.resolve(name).normalize();
                continue;
            }
            Path next = at.resolve(name).normalize();
            if (far.contains(next.toString())) {
                return true;
            }
            Optional<Path> link = link(next);
            if (link.isEmpty()) {
                at = next;
            } else if (++links > MOST_LINKS) {
                return false;
            } else {
                at = link.get().isAbsolute() ? ROOT : at;
                addFirst(link.get(), names);
            }
        }
        return false;
    }

    private static void addFirst(Path link, Deque<Path> names) {
        for (int i = link.getNameCount() - 1; i >= 0; i--) {
            names.addFirst(link.getName(i));
        }
    }

    private Optional<Path> link(Path path) {
        try {
            return status.read(BytePath.text(path)) && status.isLink()
                    ? Optional.of(Files.readSymbolicLink(path))
                    : Optional.empty();
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
