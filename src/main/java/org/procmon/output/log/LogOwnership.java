package org.procmon.output.log;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.procmon.config.FileAccess;
import org.procmon.posix.Accounts;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Errno;
import org.procmon.posix.FileStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives log files their configured mode, owner and group. The user database may be slow, so a
 * thread of its own queries it; a file gets its owner shortly after it is created. A failure is
 * logged once; the file is written in any case. The pump's thread only.
 */
public final class LogOwnership {
    private static final Logger LOG = LoggerFactory.getLogger(LogOwnership.class);
    private static final int SAME = -1;

    /** The maximum number of files held open until their owner is known. */
    private static final int MOST_WAITING = 64;

    /** The owner of a file, in the kernel's numbers. */
    private record Owners(int uid, int gid) {}

    private final Consumer<Runnable> later;
    private final Map<FileAccess, Owners> known = new HashMap<>();
    private final Map<String, String> warned = new HashMap<>();
    private @Nullable ExecutorService asking;
    private int waiting;

    /**
     * @param later runs a task on the pump's thread
     */
    LogOwnership(Consumer<Runnable> later) {
        this.later = later;
    }

    /**
     * @param file open at this path
     * @param status of that file, just read
     */
    void apply(FileAccess access, String path, Descriptor file, FileStatus status) {
        if (!status.hasOneName()) {
            warn(path, "cannot change mode and owner of " + path + ": it has several names");
            return;
        }
        OptionalInt mode = access.mode();
        if (mode.isPresent() && mode.getAsInt() != status.mode()) {
            file.allow(mode.getAsInt())
                    .ifPresent(errno ->
                            warn(
                                    path,
                                    "cannot change the mode of %s: %s"
                                            .formatted(path, errno.words())));
        }
        if (access.owner().isEmpty() && access.group().isEmpty()) {
            return;
        }
        Owners owners = known.get(access);
        if (owners != null) {
            give(owners, path, file, status.owner(), status.group());
        } else {
            ask(access, path, file);
        }
    }

    /** Queries again from now on: accounts may have changed. */
    public void forget() {
        known.clear();
    }

    private static void give(Owners owners, String path, Descriptor file, int uid, int gid) {
        boolean isTheirs =
                (owners.uid() == SAME || owners.uid() == uid)
                        && (owners.gid() == SAME || owners.gid() == gid);
        if (!isTheirs) {
            file.give(owners.uid(), owners.gid())
                    .ifPresent(errno ->
                            LOG.atWarn()
                                    .addKeyValue("file", path)
                                    .addKeyValue("reason", errno.words())
                                    .log("cannot change the owner of a log file"));
        }
    }

    private void ask(FileAccess access, String path, Descriptor file) {
        if (waiting >= MOST_WAITING
                || !(file.duplicate() instanceof Descriptor.Result.Opened(Descriptor copy))) {
            warn(path, "there is too much to do");
            return;
        }
        waiting++;
        ExecutorService thread = asking;
        if (thread == null) {
            thread =
                    new ThreadPoolExecutor(
                            0,
                            1,
                            1,
                            TimeUnit.SECONDS,
                            new LinkedBlockingQueue<>(),
                            Thread.ofPlatform().daemon().name("log-owners").factory());
            asking = thread;
        }
        thread.execute(() -> answer(access, path, copy));
    }

    private void answer(FileAccess access, String path, Descriptor copy) {
        try {
            int uid = access.owner().isPresent() ? uid(access.owner().get()) : SAME;
            int gid = access.group().isPresent() ? gid(access.group().get()) : SAME;
            Owners owners = new Owners(uid, gid);
            later.accept(() -> {
                known.put(access, owners);
                giveLate(owners, path, copy);
            });
        } catch (Unknown e) {
            String reason = String.valueOf(e.getMessage());
            later.accept(() -> {
                waiting--;
                copy.close();
                warn(path, reason);
            });
        }
    }

    /** By then the file may have another name. */
    private void giveLate(Owners owners, String path, Descriptor copy) {
        waiting--;
        FileStatus status = new FileStatus();
        try (copy) {
            if (status.read(copy) && status.hasOneName()) {
                give(owners, path, copy, status.owner(), status.group());
            }
        }
    }

    private void warn(String path, String reason) {
        if (!reason.equals(warned.put(path, reason))) {
            LOG.atWarn()
                    .addKeyValue("file", path)
                    .addKeyValue("reason", reason)
                    .log("cannot change the owner of a log file");
        }
    }

    /** The account does not exist, or cannot be looked up. */
    private static final class Unknown extends Exception {
        private static final long serialVersionUID = 1;

        Unknown(String reason) {
            super(reason);
        }
    }

    /** Why a file cannot be given to its configured owner; blocks. */
    static Optional<String> trouble(FileAccess access) {
        try {
            if (access.owner().isPresent()) {
                int _ = uid(access.owner().get());
            }
            if (access.group().isPresent()) {
                int _ = gid(access.group().get());
            }
            return Optional.empty();
        } catch (Unknown e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static int uid(String user) throws Unknown {
        return number("user", user, Accounts.uid(user));
    }

    private static int gid(String group) throws Unknown {
        return number("group", group, Accounts.gid(group));
    }

    private static int number(String kind, String name, Accounts.FoundId found) throws Unknown {
        return switch (found) {
            case Accounts.FoundId.There(int number) -> number;
            case Accounts.FoundId.Nobody _ ->
                    throw new Unknown("there is no " + kind + " '" + name + "'");
            case Accounts.FoundId.Unknown(Errno errno) ->
                    throw new Unknown(kind + " '" + name + "': " + errno.words());
        };
    }
}
