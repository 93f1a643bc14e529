package org.procmon.output.log;

import java.util.Optional;
import org.procmon.posix.CurrentProcess;
import org.procmon.posix.FileNames;
import org.procmon.posix.FileStatus;

/**
 * What the path of a log file leads to. A symbolic link is followed if only root and the monitor's
 * own user can replace it; otherwise other users could choose where the monitor writes. Any thread.
 */
public sealed interface LogTarget {
    /** A regular file, which exists or will be created. */
    record File(String path) implements LogTarget {}

    /** A fifo, or a device such as a terminal. */
    record Device(String path) implements LogTarget {}

    /**
     * One of the monitor's own streams.
     *
     * @param descriptor 1 or 2
     */
    record Monitors(int descriptor) implements LogTarget {
        String words() {
            return "the monitor's own standard " + (descriptor == 1 ? "output" : "error");
        }
    }

    /**
     * A target that is not written to.
     *
     * @param reason in words
     */
    record Refused(String reason) implements LogTarget {}

    /** The maximum number of links to follow. */
    int MOST_LINKS = 40;

    String PROC = "/proc";
    int OTHERS_WRITE = 02;
    int GROUP_WRITES = 020;
    int ONLY_OWNERS_RENAME = 01000;
    int ROOT = 0;

    /**
     * What a path leads to now.
     *
     * @param status a scratch buffer
     */
    static LogTarget of(String path, FileStatus status) {
        String at = path;
        for (int links = 0; links <= MOST_LINKS; links++) {
            int descriptor = monitors(at);
            if (descriptor > 0) {
                return new Monitors(descriptor);
            }
            if (isInProc(at, status)) {
                return new Refused("it may be any file of the monitor's; name the file itself");
            }
            if (!status.read(at)) {
                // If the problem is more than a missing file, opening it reports that.
                return new File(at);
            }
            if (!status.isLink()) {
                // Opening reports what is neither, such as a directory.
                return status.isFifo() || status.isCharacterDevice()
                        ? new Device(at)
                        : new File(at);
            }
            Optional<String> danger = danger(folder(at), folder(at), status);
            if (danger.isPresent()) {
                return new Refused("it is a symbolic link that is not followed: " + danger.get());
            }
            Optional<String> next = FileNames.target(at);
            if (next.isEmpty()) {
                return new Refused("it is a symbolic link that cannot be read");
            }
            at = next.get().startsWith("/") ? next.get() : folder(at) + "/" + next.get();
        }
        return new Refused("it leads to too many symbolic links");
    }

    /** The monitor's own stream, by any of the names that every process has for its own; else 0. */
    private static int monitors(String path) {
        return switch (path) {
            case "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1" -> 1;
            case "/dev/stderr", "/dev/fd/2", "/proc/self/fd/2" -> 2;
            default -> 0;
        };
    }

    /** Whether the path leads there by way of what some process has open, by any name. */
    private static boolean isInProc(String path, FileStatus status) {
        if (!status.readTarget(PROC)) {
            return path.startsWith(PROC + "/");
        }
        long proc = status.device();
        return status.readTarget(folder(path)) && status.device() == proc;
    }

    /**
     * Which other users could replace a link; its status was just read.
     *
     * @param folder the directory that contains it
     * @param shown that directory, for display
     */
    static Optional<String> danger(String folder, String shown, FileStatus status) {
        if (isOthers(status.owner())) {
            return Optional.of("it belongs to user " + Integer.toUnsignedString(status.owner()));
        }
        if (!status.readTarget(folder)) {
            return Optional.of(shown + ": " + status.errno().words());
        }
        if (isOthers(status.owner())) {
            String owner = Integer.toUnsignedString(status.owner());
            return Optional.of("its folder " + shown + " belongs to user " + owner);
        }
        int mode = status.mode();
        boolean sticky = (mode & ONLY_OWNERS_RENAME) != 0;
        boolean isGroups = status.group() != ROOT && status.group() != CurrentProcess.gid();
        if (!sticky && (mode & OTHERS_WRITE) != 0) {
            return Optional.of("everybody can change its folder " + shown);
        }
        return !sticky && isGroups && (mode & GROUP_WRITES) != 0
                ? Optional.of("a group can change its folder " + shown)
                : Optional.empty();
    }

    private static boolean isOthers(int owner) {
        return owner != ROOT && owner != CurrentProcess.uid();
    }

    static String folder(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }
}
