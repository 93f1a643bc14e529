package org.procmon.journal;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.procmon.config.DecisionPolicy;
import org.procmon.lifecycle.Goal;
import org.procmon.supervise.port.AcceptedConfig;
import org.procmon.supervise.port.Journal;
import org.procmon.supervise.port.JournalEntry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A journal that also keeps operators' decisions in a file that survives the boot. A thread of its
 * own writes that file, since a disk may be slow: changes that arrive while it writes are written
 * together afterwards.
 *
 * <p>Loop thread only.
 */
public final class DurableJournal implements Journal {
    private static final Logger LOG = LoggerFactory.getLogger(DurableJournal.class);

    private final JournalFolder journal;
    private final DecisionFile file;
    private final Thread.UncaughtExceptionHandler bugs;
    private final Set<String> stopped = new HashSet<>();
    private final Set<String> deleted = new HashSet<>();
    private Map<String, Integer> scale;

    /** Whether decisions are kept in the file at all. */
    private boolean active;

    private boolean changed;
    private CompletableFuture<Void> latest = CompletableFuture.completedFuture(null);
    private volatile Optional<String> failure = Optional.empty();

    private final Object lock = new Object();

    /** What the thread is to write next, with what waits for it; guarded by the lock. */
    private @Nullable Write next;

    private boolean isRunning;

    private record Write(Decisions decisions, CompletableFuture<Void> done) {}

    /**
     * @param before what the file held, and still holds
     * @param bugs is notified if the thread fails, which is a bug
     */
    public DurableJournal(
            JournalFolder journal,
            DecisionFile file,
            Decisions before,
            boolean active,
            Thread.UncaughtExceptionHandler bugs) {
        this.journal = journal;
        this.file = file;
        this.bugs = bugs;
        this.active = active;
        this.stopped.addAll(before.stopped());
        this.deleted.addAll(before.deleted());
        this.scale = before.scale();
    }

    /** From now on another configuration decides how long decisions are kept. */
    public void follow(boolean always, Map<String, Integer> instances) {
        changed |= always != active || (always && !instances.equals(scale));
        active = always;
        scale = Map.copyOf(instances);
    }

    @Override
    public void keep(JournalEntry process) {
        journal.keep(process);
        boolean held = process.process().isHeldDown();
        boolean gone = process.process().goal() == Goal.FORGOTTEN;
        boolean differs = set(deleted, process.name(), held && gone);
        differs |= set(stopped, process.name(), held && !gone);
        changed |= active && differs;
    }

    private static boolean set(Set<String> names, String name, boolean member) {
        return member ? names.add(name) : names.remove(name);
    }

    @Override
    public void drop(String name) {
        journal.drop(name);
        boolean differs = stopped.remove(name);
        differs |= deleted.remove(name);
        changed |= active && differs;
    }

    @Override
    public void shuttingDown() {
        journal.shuttingDown();
    }

    @Override
    public Optional<String> accept(AcceptedConfig config) {
        Optional<String> failure = journal.accept(config);
        if (failure.isEmpty()) {
            follow(config.spec().decisions() == DecisionPolicy.ALWAYS, config.scale());
        }
        return failure;
    }

    @Override
    public void reloaded() {
        journal.reloaded();
    }

    @Override
    public CompletableFuture<Void> durable() {
        if (changed) {
            changed = false;
            Decisions decisions = active ? new Decisions(stopped, deleted, scale) : Decisions.NONE;
            latest = write(decisions);
        }
        return latest;
    }

    @Override
    public boolean isBehind() {
        return journal.isBehind();
    }

    @Override
    public Optional<String> unkept(String name) {
        Optional<String> unkept = journal.unkept(name);
        return unkept.isEmpty() && (stopped.contains(name) || deleted.contains(name))
                ? failure
                : unkept;
    }

    private CompletableFuture<Void> write(Decisions decisions) {
        synchronized (lock) {
            CompletableFuture<Void> done = next == null ? new CompletableFuture<>() : next.done();
            next = new Write(decisions, done);
            if (!isRunning) {
                isRunning = true;
                Thread.ofPlatform()
                        .daemon()
                        .name("decisions")
                        .uncaughtExceptionHandler(bugs)
                        .start(this::writeAll);
            }
            return done;
        }
    }

    /** Until nothing is left to write. */
    private void writeAll() {
        while (true) {
            Write write;
            synchronized (lock) {
                if (next == null) {
                    isRunning = false;
                    return;
                }
                write = next;
                next = null;
            }
            Optional<String> failed = file.write(write.decisions());
            if (failed.isPresent() && !failed.equals(failure)) {
                LOG.atError()
                        .addKeyValue("reason", failed.get())
                        .addKeyValue("effect", "they are lost when the machine boots")
                        .log("cannot keep decisions of operators");
            }
            failure = failed;
            write.done().complete(null);
        }
    }
}
