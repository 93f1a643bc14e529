package org.procmon.launch;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.procmon.launch.Reaper.RunKey;
import org.procmon.posix.Cgroup;
import org.procmon.posix.Errno;
import org.procmon.posix.Processes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cgroup for each run, below the monitor's own: everything that the run starts is in it, whatever
 * becomes of its parent, its session and its variables. No controller is turned on. Where the
 * monitor may not make cgroups, it works without them.
 *
 * <p>A thread of its own moves a run there right after its start, since that can take longer than
 * the start. What the run has started until then is moved too, except processes whose own parent is
 * gone already. Any thread.
 */
public final class Cgroups {
    private static final Logger LOG = LoggerFactory.getLogger(Cgroups.class);

    /** How long to wait for the kernel at the end. */
    private static final Duration KERNEL_TIMEOUT = Duration.ofSeconds(1);

    private sealed interface Task {
        record Enter(RunKey run, int pid) implements Task {}

        record Leave(RunKey run) implements Task {}

        record End() implements Task {}
    }

    private final String name;
    private final Reaper reaper;
    private final Thread.UncaughtExceptionHandler bugs;
    private final LinkedBlockingQueue<Task> tasks = new LinkedBlockingQueue<>();
    private @Nullable Thread thread;
    private volatile boolean unavailable;

    /**
     * @param state the directory that distinguishes this monitor, and the next one, from all others
     * @param bugs is notified if its thread fails, which is a bug
     */
    public Cgroups(Path state, Reaper reaper, Thread.UncaughtExceptionHandler bugs) {
        this.name = name(state);
        this.reaper = reaper;
        this.bugs = bugs;
    }

    /** The cgroup of a monitor's runs, below its own. */
    public static String name(Path state) {
        return "procmon-" + Integer.toHexString(state.toAbsolutePath().toString().hashCode());
    }

    /** For a monitor that makes none. */
    static Cgroups none(Reaper reaper) {
        Cgroups none = new Cgroups(Path.of(""), reaper, (_, _) -> {});
        none.unavailable = true;
        return none;
    }

    /** Moves a run that was just started into a cgroup of its own; asynchronous. */
    void enter(RunKey run, int pid) {
        submit(new Task.Enter(run, pid));
    }

    /** Removes the cgroup of a run of which nothing is left; asynchronous. */
    void leave(RunKey run) {
        submit(new Task.Leave(run));
    }

    /** Whether a process is in the cgroup of a run, or in one that was made below it. */
    boolean isIn(int pid, RunKey run) {
        String wanted = "/" + name + "/" + nameOf(run) + "/";
        return Cgroup.of(pid).filter(path -> (path + "/").contains(wanted)).isPresent();
    }

    /** Removes all cgroups that hold no process; the last call. */
    public void end() throws InterruptedException {
        Thread serving;
        synchronized (this) {
            serving = thread;
        }
        if (serving != null) {
            submit(new Task.End());
            serving.join(KERNEL_TIMEOUT);
        }
    }

    private synchronized void submit(Task task) {
        if (unavailable) {
            return;
        }
        tasks.add(task);
        if (thread == null) {
            thread =
                    Thread.ofPlatform()
                            .daemon()
                            .name("cgroups")
                            .uncaughtExceptionHandler(bugs)
                            .start(this::serve);
        }
    }

    private void serve() {
        Optional<String> folder = open();
        if (folder.isPresent()) {
            try {
                serve(folder.get());
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
        unavailable = true;
        tasks.clear();
    }

    /** Runs until the end, or until it turns out that no run can be moved. */
    private void serve(String folder) throws InterruptedException {
        while (true) {
            switch (tasks.take()) {
                case Task.Enter(RunKey run, int pid) -> {
                    if (!isMoved(run, pid, folder + "/" + nameOf(run))) {
                        return;
                    }
                }
                case Task.Leave(RunKey run) -> Cgroup.remove(folder + "/" + nameOf(run));
                case Task.End() -> {
                    sweep(folder);
                    Cgroup.remove(folder);
                    return;
                }
            }
        }
    }

    private Optional<String> open() {
        Optional<String> own = Cgroup.ownFolder();
        if (own.isEmpty()) {
            return Optional.empty();
        }
        String folder = own.get() + "/" + name;
        Optional<Errno> failed = Cgroup.make(folder);
        if (failed.isPresent()) {
            giveUp(folder, failed.get());
            return Optional.empty();
        }
        sweep(folder);
        return Optional.of(folder);
    }

    /** The cgroups of a monitor that was killed may still exist; the kernel keeps those in use. */
    private static void sweep(String folder) {
        String[] cgroups = new File(folder).list((_, name) -> name.indexOf('.') > 0);
        if (cgroups != null) {
            for (String cgroup : cgroups) {
                Cgroup.remove(folder + "/" + cgroup);
            }
        }
    }

    /** True also if the run has exited before. */
    private boolean isMoved(RunKey run, int pid, String cgroup) {
        Optional<Errno> failed = Cgroup.make(cgroup);
        if (failed.isEmpty() && reaper.isUnreaped(run, pid)) {
            failed = moved(pid, cgroup);
        }
        failed.ifPresent(errno -> giveUp(cgroup, errno));
        return failed.isEmpty();
    }

    /**
     * Moves what it has started before, too; what it starts from then on is in the cgroup by
     * itself.
     */
    private static Optional<Errno> moved(int pid, String cgroup) {
        Optional<Errno> failed =
                Cgroup.move(pid, cgroup).filter(errno -> !errno.equals(Errno.NO_PROCESS));
        if (failed.isEmpty()) {
            for (int child : Processes.childrenOf(pid)) {
                Optional<Errno> _ = moved(child, cgroup);
            }
        }
        return failed;
    }

    private static void giveUp(String cgroup, Errno errno) {
        LOG.atInfo()
                .addKeyValue("cgroup", cgroup)
                .addKeyValue("reason", errno.words())
                .addKeyValue(
                        "effect",
                        "processes that leave the group of a run are found by their variables alone")
                .log("cannot use cgroups");
    }

    private static String nameOf(RunKey run) {
        return run.name() + "." + run.number();
    }
}
