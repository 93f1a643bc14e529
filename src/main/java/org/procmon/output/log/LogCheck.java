package org.procmon.output.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.procmon.bytes.BytePath;
import org.procmon.config.FileAccess;
import org.procmon.config.OutputSpec;
import org.procmon.posix.CurrentProcess;
import org.procmon.posix.Errno;
import org.procmon.posix.FileNames;
import org.procmon.posix.FileStatus;

/**
 * Checks log files as the monitor would when it opens them, without opening any. May block as long
 * as the disk and the user database do. One thread.
 */
public final class LogCheck {
    private static final int ROOT = 0;

    private final FileStatus status = new FileStatus();

    /**
     * A finding about a log file.
     *
     * @param key the key below that of the stream
     * @param isTrouble whether the file will not be as configured; otherwise the finding only says
     *     what will happen
     */
    public record Finding(String key, String text, boolean isTrouble) {}

    /** All findings. */
    public List<Finding> findings(OutputSpec.Captured spec) {
        List<Finding> findings = new ArrayList<>();
        if (spec.file().isPresent()) {
            String path = spec.file().get().toString();
            ofFile(path, LogTarget.of(path, status)).ifPresent(findings::add);
        }
        findings.addAll(ofAccess(spec.access()));
        return findings;
    }

    /** The regular file that is written; empty if the path leads to another kind of file. */
    public Optional<String> file(OutputSpec.Captured spec) {
        return spec.file().isPresent()
                        && LogTarget.of(spec.file().get().toString(), status)
                                instanceof LogTarget.File(String path)
                ? Optional.of(withoutLinks(path))
                : Optional.empty();
    }

    /** The same path for all names of its folder. */
    private static String withoutLinks(String path) {
        Path file = BytePath.of(path);
        Path folder = file.getParent();
        if (folder == null) {
            return path;
        }
        try {
            return BytePath.text(folder.toRealPath().resolve(file.getFileName()));
        } catch (IOException _) {
            // It is made when the monitor starts.
            return path;
        }
    }

    private Optional<Finding> ofFile(String path, LogTarget target) {
        return switch (target) {
            case LogTarget.File(String file) -> {
                Optional<String> trouble = trouble(file);
                yield trouble.isPresent()
                        ? Optional.of(trouble(path, trouble.get()))
                        : file.equals(path)
                                ? Optional.empty()
                                : Optional.of(
                                        note(path, "is a link to " + file + ", rotated there"));
            }
            case LogTarget.Device(String device) ->
                    FileNames.isWritable(device)
                            ? Optional.of(
                                    note(
                                            path,
                                            "is no regular file: it is not rotated, and cannot be"
                                                    + " read back"))
                            : Optional.of(trouble(path, "permission denied"));
            case LogTarget.Monitors monitors ->
                    Optional.of(note(path, monitors(monitors.descriptor())));
            case LogTarget.Refused(String reason) -> Optional.of(trouble(path, reason));
        };
    }

    /**
     * What happens to a stream that is one of the monitor's own.
     *
     * @param descriptor 1 or 2
     */
    public static String monitors(int descriptor) {
        return "leads to "
                + new LogTarget.Monitors(descriptor).words()
                + ": it is not rotated, and cannot be read back";
    }

    private static Finding note(String path, String text) {
        return new Finding("file", path + " " + text, false);
    }

    private static Finding trouble(String path, String reason) {
        return new Finding("file", "cannot write " + path + ": " + reason, true);
    }

    /**
     * Why a regular file could not be opened or created; missing directories would be created too.
     */
    private Optional<String> trouble(String file) {
        if (status.read(file)) {
            if (!status.isRegular()) {
                return Optional.of("it is no regular file");
            }
            return FileNames.isWritable(file) && FileNames.isReadable(file)
                    ? Optional.empty()
                    : Optional.of("permission denied");
        }
        String at = file;
        while (!status.readTarget(at)) {
            if (status.errno().number() != Errno.ENOENT.number()) {
                return Optional.of(status.errno().words());
            }
            int slash = at.lastIndexOf('/');
            at = slash <= 0 ? "/" : at.substring(0, slash);
        }
        if (!status.isFolder()) {
            return Optional.of(at + " is no folder");
        }
        return FileNames.isWritable(at)
                ? LogFolders.trouble(LogTarget.folder(file))
                : Optional.of("its user may not make anything in " + at);
    }

    private static List<Finding> ofAccess(FileAccess access) {
        List<Finding> findings = new ArrayList<>();
        String key = access.owner().isPresent() ? "owner" : "group";
        Optional<String> trouble = LogOwnership.trouble(access);
        if (trouble.isPresent()) {
            findings.add(new Finding(key, "cannot give the log file away: " + trouble.get(), true));
        } else if (access.owner().isPresent() && CurrentProcess.uid() != ROOT) {
            findings.add(
                    new Finding(
                            key, "cannot give the log file away: the monitor is not root", true));
        }
        return findings;
    }
}
