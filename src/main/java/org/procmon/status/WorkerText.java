package org.procmon.status;

import java.time.Duration;
import java.util.Optional;
import org.procmon.lifecycle.RunExit;
import org.procmon.lifecycle.Ticks;
import org.procmon.status.PoolView.Work;
import org.procmon.status.PoolView.Worker;

/** What is wrong with a worker that runs, in words, for people. */
final class WorkerText {
    /** A program needs some time before it accepts connections. */
    private static final Duration USUAL_START = Duration.ofSeconds(1);

    /** A failure before that says little about the program as it is now. */
    private static final Duration RECENT = Duration.ofMinutes(5);

    private WorkerText() {}

    /** A sentence about a worker; empty if all is well. */
    static Optional<String> trouble(Worker worker, Ticks now) {
        return isLate(worker, now)
                ? Optional.of(late(worker, now))
                : failure(worker.process(), now).map(exit -> failed(worker, exit, now));
    }

    static boolean isStarting(Worker worker) {
        return worker.activity().filter(does -> does.work() == Work.STARTING).isPresent();
    }

    private static boolean isLate(Worker worker, Ticks now) {
        return isStarting(worker)
                && now.since(worker.process().process().state().since()).compareTo(USUAL_START) > 0;
    }

    private static String late(Worker worker, Ticks now) {
        return "%s has been starting for %s: it is ready when it accepts connections on descriptor 0"
                .formatted(
                        worker.process().name(),
                        StateText.duration(now.since(worker.process().process().state().since())));
    }

    /** How the run before the present one failed, if that is not long ago. */
    static Optional<RunExit> failure(ProcessView view, Ticks now) {
        return view.process()
                .tally()
                .lastExit()
                .filter(exit -> !exit.status().isSuccess(view.spec().successExit()))
                .filter(exit -> now.since(exit.at()).compareTo(RECENT) < 0);
    }

    private static String failed(Worker worker, RunExit exit, Ticks now) {
        ProcessView view = worker.process();
        return "%s %s, %s ago; this is run %d"
                .formatted(
                        view.name(),
                        StateText.ended(view.process().tally()),
                        StateText.duration(now.since(exit.at())),
                        view.process().tally().runs());
    }
}
