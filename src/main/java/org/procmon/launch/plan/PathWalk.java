package org.procmon.launch.plan;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Predicate;
import org.procmon.posix.Errno;
import org.procmon.posix.FileNames;
import org.procmon.posix.FileStatus;

/**
 * Determines what a process would find at a path: in its own root, and with its own rights. Where
 * the kernel would give this process the same answer, it is asked; otherwise the path is followed
 * name by name, as in path_resolution(7). Where an access control list decides, or another machine
 * has the file, the result is unknown. One thread at a time.
 */
final class PathWalk {
    /** The kernel follows this many links. */
    private static final int MOST_LINKS = 40;

    /** The purpose for which a process needs a file. */
    enum Purpose {
        EXECUTE(FileCredentials.EXECUTE, "execute"),
        READ(FileCredentials.READ, "read"),
        ENTER(FileCredentials.EXECUTE, "enter");

        private final int bit;
        private final String verb;

        Purpose(int bit, String verb) {
            this.bit = bit;
            this.verb = verb;
        }
    }

    private final FileStatus status = new FileStatus();
    private final Predicate<String> isFar;

    /**
     * @param isFar whether a path in the monitor's root is on another machine
     */
    PathWalk(Predicate<String> isFar) {
        this.isFar = isFar;
    }

    /**
     * @param path absolute, in the root of the view
     */
    FoundFile look(String path, Purpose purpose, FileView fileView) {
        if (!fileView.isOfMonitor()) {
            return walk(path, purpose, fileView);
        }
        if (!status.readTarget(path)) {
            return new FoundFile.Bad(status.errno(), "");
        }
        Optional<Errno> unfit = unfit(purpose);
        if (unfit.isPresent()) {
            return new FoundFile.Bad(unfit.get(), "");
        }
        return isAllowed(path, purpose)
                ? new FoundFile.Good(path)
                : new FoundFile.Bad(Errno.NOT_ALLOWED, "");
    }

    /** The status of the last file, which is the same for every user. */
    private Optional<Errno> unfit(Purpose purpose) {
        return switch (purpose) {
            case EXECUTE -> status.isRegular() ? Optional.empty() : Optional.of(Errno.NOT_ALLOWED);
            case READ -> status.isFolder() ? Optional.of(Errno.IS_FOLDER) : Optional.empty();
            case ENTER -> status.isFolder() ? Optional.empty() : Optional.of(Errno.NO_FOLDER);
        };
    }

    private static boolean isAllowed(String path, Purpose purpose) {
        return purpose == Purpose.READ ? FileNames.isReadable(path) : FileNames.isExecutable(path);
    }

    private FoundFile walk(String path, Purpose purpose, FileView fileView) {
        String root = fileView.root().map(String::valueOf).filter(r -> !r.equals("/")).orElse("");
        Deque<String> names = new ArrayDeque<>();
        addFirst(path, names);
        String at = root;
        int links = 0;
        while (!names.isEmpty()) {
            Optional<FoundFile> closed = enter(at.isEmpty() ? "/" : at, fileView);
            if (closed.isPresent()) {
                return closed.get();
            }
            String name = names.removeFirst();
            if (name.equals("..")) {
                at = at.length() <= root.length() ? root : at.substring(0, at.lastIndexOf('/'));
                continue;
            }
            String next = at + "/" + name;
            if (isFar.test(next)) {
                return new FoundFile.Unknown();
            }
            if (!status.read(next)) {
                return new FoundFile.Bad(status.errno(), "");
            }
            if (!status.isLink()) {
                at = next;
                continue;
            }
            Optional<String> target = FileNames.target(next);
            if (target.isEmpty()) {
                return new FoundFile.Unknown();
            }
            if (++links > MOST_LINKS) {
                return new FoundFile.Bad(Errno.TOO_MANY_LINKS, "");
            }
            at = target.get().startsWith("/") ? root : at;
            addFirst(target.get(), names);
        }
        return judge(at.isEmpty() ? "/" : at, purpose, fileView);
    }

    private static void addFirst(String path, Deque<String> names) {
        String[] all = path.split("/", 0);
        for (int i = all.length - 1; i >= 0; i--) {
            if (!all[i].isEmpty() && !all[i].equals(".")) {
                names.addFirst(all[i]);
            }
        }
    }

    /** The reason why it cannot traverse a directory; empty if it can. */
    private Optional<FoundFile> enter(String folder, FileView fileView) {
        if (!status.readTarget(folder)) {
            return Optional.of(new FoundFile.Bad(status.errno(), ""));
        }
        if (!status.isFolder()) {
            return Optional.of(new FoundFile.Bad(Errno.NO_FOLDER, ""));
        }
        return denied(folder, Purpose.ENTER, fileView);
    }

    private FoundFile judge(String path, Purpose purpose, FileView fileView) {
        if (!status.readTarget(path)) {
            return new FoundFile.Bad(status.errno(), "");
        }
        Optional<Errno> unfit = unfit(purpose);
        if (unfit.isPresent()) {
            return new FoundFile.Bad(unfit.get(), "");
        }
        Optional<FoundFile> denied = denied(path, purpose, fileView);
        if (denied.isPresent()) {
            return denied.get();
        }
        // A file system may forbid executing anything, for every user.
        return purpose != Purpose.EXECUTE || FileNames.isExecutable(path)
                ? new FoundFile.Good(path)
                : new FoundFile.Bad(Errno.NOT_ALLOWED, "");
    }

    /** With the status of that file just read. */
    private Optional<FoundFile> denied(String path, Purpose purpose, FileView fileView) {
        if (fileView.who().isEmpty() || fileView.who().get().may(purpose.bit, status)) {
            return Optional.empty();
        }
        if (FileNames.hasAccessList(path)) {
            return Optional.of(new FoundFile.Unknown());
        }
        String user = "user '" + fileView.who().get().name() + "'";
        String detail = user + " may not " + purpose.verb + " " + path;
        return Optional.of(new FoundFile.Bad(Errno.NOT_ALLOWED, detail));
    }
}
