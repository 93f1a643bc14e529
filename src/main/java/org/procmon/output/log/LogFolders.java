package org.procmon.output.log;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Errno;
import org.procmon.posix.FileNames;
import org.procmon.posix.FileStatus;

/**
 * Creates the directories of log files. A symbolic link on the way is followed only if {@link
 * LogTarget} would follow it: otherwise other users could choose where the monitor creates
 * directories. Each directory stays open while the next one is looked up in it, so none can be
 * exchanged meanwhile. Any thread.
 */
public final class LogFolders {
    private final boolean makes;
    private final FileStatus status = new FileStatus();
    private final Deque<String> left = new ArrayDeque<>();
    private Descriptor at = new Descriptor(-1);
    private String shown = "";
    private int links;

    private LogFolders(boolean makes) {
        this.makes = makes;
    }

    /**
     * Creates a directory and all missing ones above it.
     *
     * @param path absolute
     * @return why that is not possible; empty on success
     */
    public static Optional<String> make(String path) {
        return new LogFolders(true).walk(path);
    }

    /** Why a directory would not be created; empty if no reason is known. Changes nothing. */
    static Optional<String> trouble(String path) {
        return new LogFolders(false).walk(path);
    }

    private Optional<String> walk(String path) {
        push(path);
        try {
            Optional<String> refusal = toRoot();
            while (refusal.isEmpty() && !left.isEmpty()) {
                refusal = step(left.pop());
            }
            return refusal;
        } finally {
            at.close();
        }
    }

    private void push(String path) {
        List<String> names =
                Arrays.stream(path.split("/")).filter(name -> !name.isEmpty()).toList();
        Iterator<String> backwards = names.reversed().iterator();
        backwards.forEachRemaining(left::push);
    }

    private Optional<String> toRoot() {
        return switch (Descriptor.hold("/")) {
            case Descriptor.Result.NotOpened(Errno errno) -> Optional.of(errno.words());
            case Descriptor.Result.Opened(Descriptor root) -> {
                enter(root, "");
                yield Optional.empty();
            }
        };
    }

    private void enter(Descriptor folder, String path) {
        at.close();
        at = folder;
        shown = path;
    }

    private Optional<String> step(String name) {
        String folder = "/proc/self/fd/" + at.number();
        String path = folder + "/" + name;
        Descriptor.Result found = Descriptor.hold(path);
        if (isMissing(found)) {
            if (!makes) {
                left.clear();
                return Optional.empty();
            }
            // It makes no difference if another program created it meanwhile.
            Optional<Errno> _ = FileNames.makeFolder(path);
            found = Descriptor.hold(path);
        }
        return switch (found) {
            case Descriptor.Result.NotOpened(Errno errno) ->
                    Optional.of(shown + "/" + name + ": " + errno.words());
            case Descriptor.Result.Opened(Descriptor next) -> step(folder, name, next);
        };
    }

    private Optional<String> step(String folder, String name, Descriptor next) {
        String path = shown + "/" + name;
        if (!status.read(next)) {
            next.close();
            return Optional.of(path + ": " + status.errno().words());
        }
        if (!status.isLink() && !status.isFolder()) {
            next.close();
            return Optional.of(path + " is no folder");
        }
        if (!status.isLink()) {
            enter(next, path);
            return Optional.empty();
        }
        next.close();
        Optional<String> danger = LogTarget.danger(folder, shown.isEmpty() ? "/" : shown, status);
        if (danger.isPresent()) {
            return Optional.of(
                    path + " is a symbolic link through which no folder is made: " + danger.get());
        }
        Optional<String> target = FileNames.target(folder + "/" + name);
        if (target.isEmpty() || ++links > LogTarget.MOST_LINKS) {
            return Optional.of(path + " is a symbolic link that cannot be followed");
        }
        push(target.get());
        return target.get().startsWith("/") ? toRoot() : Optional.empty();
    }

    private static boolean isMissing(Descriptor.Result found) {
        return found instanceof Descriptor.Result.NotOpened refused
                && refused.errno().number() == Errno.ENOENT.number();
    }
}
