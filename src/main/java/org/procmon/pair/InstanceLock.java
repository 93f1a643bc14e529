package org.procmon.pair;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.procmon.bytes.BytePath;
import org.procmon.bytes.ByteText;
import org.procmon.posix.BootId;
import org.procmon.posix.CurrentProcess;
import org.procmon.posix.FileIdentity;
import org.procmon.posix.NameLock;
import org.procmon.posix.Pidfd;
import org.procmon.posix.ProcessExitPoller;
import org.procmon.posix.ProcessStat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Marks this process as a monitor of a state directory for as long as it lives, even if the
 * directory was removed or replaced: by a name in the kernel, made from the directory's path. While
 * the file {@code lock} exists, it decides between monitors; this name finds monitors whose lock
 * file is gone.
 *
 * <p>Each of the monitors of a directory takes one of a few names.
 */
public final class InstanceLock implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("monitor");

    /** A pair, and for a moment its successors. */
    private static final int NAMES = 4;

    private static final Duration HANDOVER = Duration.ofSeconds(1);
    private static final long FNV_OFFSET = 0xcbf2_9ce4_8422_2325L;
    private static final long FNV_PRIME = 0x100_0000_01b3L;

    private final Optional<NameLock> name;

    private InstanceLock(Optional<NameLock> name) {
        this.name = name;
    }

    /**
     * Marks this process as one of the monitors of a directory. If no name is free, it continues
     * without one, since the lock file exists.
     */
    public static InstanceLock join(Path state) {
        for (String candidate : names(state)) {
            Optional<NameLock> lock = NameLock.tryLock(candidate);
            if (lock.isPresent()) {
                return new InstanceLock(lock);
            }
        }
        LOG.atWarn()
                .addKeyValue("state", state)
                .addKeyValue("effect", "only the lock file shows it to other monitors")
                .log("cannot announce this monitor, another program has taken its names");
        return new InstanceLock(Optional.empty());
    }

    /**
     * The pids of the other monitors of a directory: also of those that still run although the
     * directory at this path is no longer theirs.
     */
    static List<Integer> others(Path state) {
        TreeSet<Integer> pids = new TreeSet<>();
        for (String candidate : names(state)) {
            Optional<NameLock> lock = NameLock.tryLock(candidate);
            if (lock.isPresent()) {
                lock.get().close();
            } else {
                NameLock.holder(candidate)
                        .filter(pid ->
                                pid != CurrentProcess.pid() && isAlive(pid) && sees(pid, state))
                        .ifPresent(pids::add);
            }
        }
        return List.copyOf(pids);
    }

    /** As {@link #others}, after waiting briefly for those that are just exiting. */
    static List<Integer> lastingOthers(Path state) {
        List<Integer> lasting = new ArrayList<>();
        for (int pid : others(state)) {
            if (!endsSoon(pid)) {
                lasting.add(pid);
            }
        }
        return lasting;
    }

    private static boolean endsSoon(int pid) {
        if (!(Pidfd.open(pid) instanceof Pidfd.Result.Opened opened)) {
            return !isAlive(pid);
        }
        try (Pidfd process = opened.pidfd();
                ProcessExitPoller processExitPoller = new ProcessExitPoller()) {
            processExitPoller.add(process, pid);
            return processExitPoller.await((int) HANDOVER.toMillis()).length > 0;
        }
    }

    private static boolean isAlive(int pid) {
        return ProcessStat.of(pid).filter(stat -> !stat.hasEnded()).isPresent();
    }

    /** Whether the path means the same to a process; in another container it may not. */
    private static boolean sees(int pid, Path state) {
        String root = "/proc/" + pid + "/root";
        if (!Files.isReadable(Path.of(root + "/"))) {
            return true;
        }
        Path parent = parentOf(state);
        return FileIdentity.of(root + BytePath.text(parent)).equals(FileIdentity.of(parent));
    }

    private static List<String> names(Path state) {
        long key = FNV_OFFSET;
        String path = BytePath.text(parentOf(state).resolve(state.getFileName()));
        for (byte b : ByteText.encode(BootId.current() + " " + path)) {
            key = (key ^ (b & 0xff)) * FNV_PRIME;
        }
        List<String> names = new ArrayList<>(NAMES);
        for (int i = 0; i < NAMES; i++) {
            names.add("procmon-%d-%016x-%d".formatted(CurrentProcess.uid(), key, i));
        }
        return names;
    }

    /** The path without links; the directory itself is not a link. */
    private static Path parentOf(Path state) {
        Path parent = state.toAbsolutePath().getParent();
        if (parent == null) {
            return state.toAbsolutePath();
        }
        try {
            return parent.toRealPath();
        } catch (IOException _) {
            return parent.normalize();
        }
    }

    @Override
    public void close() {
        name.ifPresent(NameLock::close);
    }
}
