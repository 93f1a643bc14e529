package org.procmon.pair;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.posix.Children;
import org.procmon.posix.CurrentProcess;
import org.procmon.posix.Pidfd;
import org.procmon.posix.ProcessExitPoller;
import org.procmon.posix.ProcessStat;
import org.procmon.supervise.port.Ticker;

/**
 * The primary as its backup watches over it: held by a descriptor, so that it is never taken for
 * another process.
 */
final class PrimaryHandle {
    private static final long KEY = 1;

    private final int pid;
    private final Optional<Pidfd> held;

    /** Whether it has ended and is held no longer. */
    private boolean ended;

    private ExitStatus end = new ExitStatus.Unknown();

    private PrimaryHandle(int pid, Optional<Pidfd> held) {
        this.pid = pid;
        this.held = held;
    }

    /** A child of this process that was not reaped. */
    static PrimaryHandle child(int pid) {
        return new PrimaryHandle(pid, hold(pid));
    }

    /** The parent of this process, or what it was before it died. */
    static PrimaryHandle parent(int pid) {
        Optional<Pidfd> held = hold(pid);
        if (CurrentProcess.parent() == pid) {
            return new PrimaryHandle(pid, held);
        }
        held.ifPresent(Pidfd::close);
        return new PrimaryHandle(pid, Optional.empty());
    }

    private static Optional<Pidfd> hold(int pid) {
        return switch (Pidfd.open(pid)) {
            case Pidfd.Result.Opened opened -> Optional.of(opened.pidfd());
            case Pidfd.Result.Gone _ -> Optional.empty();
            case Pidfd.Result.NotOpened denied ->
                    throw new IllegalStateException(
                            "cannot watch the primary, pid %d: %s"
                                    .formatted(pid, denied.errno().words()));
        };
    }

    int pid() {
        return pid;
    }

    /** Sends a signal; false if it has ended. */
    synchronized boolean signal(int signal) {
        return !ended && held.isPresent() && held.get().send(signal);
    }

    /**
     * Blocks until it has ended, and no longer than a time limit; false if it has not. Platform
     * threads only.
     */
    boolean endsWithin(Duration limit) {
        return held.isEmpty() || await(held.get(), (int) limit.toMillis());
    }

    /** Blocks until it has ended, and meanwhile reaps what an earlier one has left. */
    void reapOrphansUntilItsEnd(Ticker ticker) {
        held.ifPresent(process -> OrphanReaper.reapUntilTheEndOf(pid, process, ticker));
    }

    /** Blocks until it has ended, and lets go of it; once. Platform threads only. */
    ExitStatus awaitEnd() {
        if (held.isEmpty()) {
            return new ExitStatus.Unknown();
        }
        await(held.get());
        Optional<ProcessStat> zombie = ProcessStat.of(pid);
        OptionalInt status = zombie.isPresent() ? zombie.get().exitStatus() : OptionalInt.empty();
        Children.reap(pid);
        OptionalInt told = letGo(held.get());
        end = ExitStatus.of(status.isPresent() ? status : told);
        return end;
    }

    /** Whether it has ended by itself, as far as that is known. */
    boolean hasExited() {
        return end instanceof ExitStatus.Exited;
    }

    /** The code that it has ended with; 0 where that is not known. */
    int exitCode() {
        return end instanceof ExitStatus.Exited exited ? exited.code() : 0;
    }

    /** How it ended, if it was reaped by somebody else. */
    private synchronized OptionalInt letGo(Pidfd process) {
        OptionalInt status = process.reapedStatus();
        ended = true;
        process.close();
        return status;
    }

    /** Blocks until a process has ended. Platform threads only. */
    static void await(Pidfd process) {
        while (!await(process, ProcessExitPoller.FOR_EVER)) {
            // Nothing but the end of this process is meant.
        }
    }

    private static boolean await(Pidfd process, int millis) {
        try (ProcessExitPoller processExitPoller = new ProcessExitPoller()) {
            processExitPoller.add(process, KEY);
            return Arrays.stream(processExitPoller.await(millis)).anyMatch(key -> key == KEY);
        }
    }
}
