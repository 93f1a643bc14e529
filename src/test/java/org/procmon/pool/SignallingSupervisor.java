package org.procmon.pool;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.procmon.config.Signal;
import org.procmon.lifecycle.Ticks;
import org.procmon.posix.ProcessStat;
import org.procmon.posix.Signals;
import org.procmon.status.Snapshot;
import org.procmon.supervise.port.Command;
import org.procmon.supervise.port.Reply;
import org.procmon.supervise.port.Supervisor;

/** Carries out commands about one worker, a real process, and writes them down. */
final class SignallingSupervisor implements Supervisor {
    final List<String> commands = new ArrayList<>();
    Ticks now = WorkerViews.SINCE;
    int worker;
    boolean isKnown = true;
    Runnable beforeStop = () -> {};

    /** Completed when workers have got the signal that stops them. */
    CompletableFuture<Reply> retired = CompletableFuture.completedFuture(new Reply.Done(List.of()));

    @Override
    public Snapshot snapshot() {
        return new Snapshot(List.of(), List.of(), false);
    }

    @Override
    public Ticks now() {
        return now;
    }

    @Override
    public CompletableFuture<Reply> submit(Command command) {
        return submit(command, new CompletableFuture<>());
    }

    @Override
    public CompletableFuture<Reply> submit(Command command, CompletableFuture<Void> taken) {
        if (command instanceof Command.SignalWorker(String name, long _, Signal signal)) {
            if (!isKnown) {
                return CompletableFuture.completedFuture(new Reply.NoSuchProcess(name));
            }
            if (signal.equals(Signal.STOP)) {
                beforeStop.run();
            }
            commands.add(signal.toString());
            Signals.sendToGroup(worker, signal.number());
            if (signal.equals(Signal.STOP)) {
                awaitStop();
            }
        } else if (command instanceof Command.RetireWorker(String name, boolean atOnce)) {
            commands.add((atOnce ? "kill " : "stop ") + name);
            return retired;
        } else {
            throw new AssertionError(command);
        }
        return CompletableFuture.completedFuture(new Reply.Done(List.of()));
    }

    /** Simulated time must not pass while the kernel stops a process, which may have ended. */
    private void awaitStop() {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .atMost(Duration.ofSeconds(30))
                .until(() ->
                        ProcessStat.of(worker)
                                .filter(stat -> stat.state() != 'T' && stat.state() != 'Z')
                                .isEmpty());
    }
}
