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
 * The primary as its backup sees it: held by a descriptor, so that it is never mistaken for another
 * process.
 */
final class PrimaryHandle {
    private static final long KEY = 1;

    private final int pid;
    private final Optional<Pidfd> held;

    /** Whether it has exited and its descriptor is closed. */
    private boolean ended;

    private ExitStatus end = new ExitStatus.Unknown();

    private PrimaryHandle(int pid, Optional<Pidfd> held) {
        this.pid = pid;
        this.held = held;
    }

    /** A child of this process that has not been reaped. */
    static PrimaryHandle child(int pid) {
        return new PrimaryHandle(pid, hold(pid));
    }

    /** The parent of this process, or the process that was its parent before it died. */
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

    /** Sends a signal; false if it has exited. */
    synchronized boolean signal(int signal) {
        return !ended && held.isPresent() && held.get().send(signal);
    }

    /**
     * Blocks until it has exited, at most for a time limit; false if it has not. Platform threads
     * only.
     */
    boolean endsWithin(Duration limit) {
        return held.isEmpty() || await(held.get(), (int) limit.toMillis());
    }

    /** Blocks until it has exited, and meanwhile reaps the children of an earlier primary. */
    void reapOrphansUntilItsEnd(Ticker ticker) {
        held.ifPresent(process -> OrphanReaper.reapUntilTheEndOf(pid, process, ticker));
    }

    /** Blocks until it has exited, and closes its descriptor; once. Platform threads only. */
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

    /** Whether it has exited by itself, as far as that is known. */
    boolean hasExited() {
        return end instanceof ExitStatus.Exited;
    }

    /** Its exit code; 0 where that is not known. */
    int exitCode() {
        return end instanceof ExitStatus.Exited exited ? exited.code() : 0;
    }

    /** How it ended, if another process reaped it. */
    private synchronized OptionalInt letGo(Pidfd process) {
        OptionalInt status = process.reapedStatus();
        ended = true;
        process.close();
        return status;
    }

    /** Blocks until a process has exited. Platform threads only. */
    static void await(Pidfd process) {
        while (!await(process, ProcessExitPoller.FOR_EVER)) {
            // Only the exit of this process matters.
        }
    }

    private static boolean await(Pidfd process, int millis) {
        try (ProcessExitPoller processExitPoller = new ProcessExitPoller()) {
            processExitPoller.add(process, KEY);
            return Arrays.stream(processExitPoller.await(millis)).anyMatch(key -> key == KEY);
        }
    }
}
