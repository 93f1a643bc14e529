package org.procmon.status;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import org.procmon.config.PoolSpec;
import org.procmon.config.pool.PoolMode;
import org.procmon.config.pool.WhenStopped;
import org.procmon.lifecycle.Phase;
import org.procmon.lifecycle.Ticks;
import org.procmon.status.PoolView.Activity;
import org.procmon.status.PoolView.Queue;
import org.procmon.status.PoolView.Roll;
import org.procmon.status.PoolView.RollState;
import org.procmon.status.PoolView.Share;
import org.procmon.status.PoolView.Unready;
import org.procmon.status.PoolView.Work;
import org.procmon.status.PoolView.Worker;

/** The state of a pool, its reasons, and what comes next; in words, for people. */
public final class PoolText {
    private PoolText() {}

    /** Why it is in its state; one clause. */
    public static String cause(PoolView view) {
        return switch (PoolCondition.of(view)) {
            case STOPPED ->
                    "stopped on request; "
                            + (view.spec().whenStopped() == WhenStopped.WAIT
                                    ? "clients wait until it is started"
                                    : "clients get 503");
            case FAILED ->
                    view.listening().isEmpty() && view.trouble().isPresent()
                            ? "does not listen: " + view.trouble().get()
                            : "no worker starts: " + broken(view).orElse("");
            case SERVING ->
                    workers(view)
                            + view.trouble()
                                    .map(why -> "; does not listen everywhere: " + why)
                                    .orElse("");
        };
    }

    private static String workers(PoolView view) {
        if (view.total() == 0) {
            return view.queue().waiting() > 0
                    ? "no worker runs yet"
                    : view.lastUnready()
                            .map(last -> "no worker runs; " + unready(last))
                            .orElse("no worker runs, since no client needs one");
        }
        long starting = view.workers().stream().filter(WorkerText::isStarting).count();
        if (starting > 0) {
            return starting == view.total()
                    ? "no worker is ready yet"
                    : "%d of %d workers %s ready"
                            .formatted(
                                    view.total() - starting,
                                    view.total(),
                                    view.total() - starting == 1 ? "is" : "are");
        }
        if (view.busy() == 0) {
            return view.total() == 1
                    ? "its worker is idle"
                    : "all %d workers are idle".formatted(view.total());
        }
        if (view.idle() == 0) {
            return view.total() == 1
                    ? "its worker is busy"
                    : "all %d workers are busy".formatted(view.total());
        }
        return "%d of %d workers %s busy"
                .formatted(view.busy(), view.total(), view.busy() == 1 ? "is" : "are");
    }

    private static Optional<String> broken(PoolView view) {
        return startless(view).map(process -> process.name() + " " + StateText.cause(process));
    }

    private static Optional<ProcessView> startless(PoolView view) {
        return view.workers().stream()
                .filter(one -> PoolCondition.isBroken(one) || PoolCondition.hasEndedAtOnce(one))
                .map(Worker::process)
                .findFirst();
    }

    private static String nextStep(ProcessView worker, Ticks now) {
        return worker.process().state().phase() == Phase.COMPLETED
                ? "its pool starts it again when it is needed"
                : NextSteps.of(worker, now);
    }

    /** A worker that does not start, or has failed lately; its last words may say why. */
    public static Optional<ProcessView> failing(PoolView view, Ticks now) {
        return startless(view)
                .or(() ->
                        view.workers().stream()
                                .map(Worker::process)
                                .filter(worker -> WorkerText.failure(worker, now).isPresent())
                                .findFirst());
    }

    /** Why there are not more workers, and what is wrong with some of them; each a sentence. */
    public static List<String> reasons(PoolView view, Ticks now) {
        List<String> reasons = new ArrayList<>();
        Queue queue = view.queue();
        int most = view.spec().workers().max();
        if (view.isStopped()) {
            reasons.add("no worker is started while the pool is stopped");
        } else if (view.total() >= most && queue.waiting() > 0) {
            reasons.add("all %d workers run, as many as 'workers' allows".formatted(most));
        } else if (view.total() == 0 && queue.waiting() == 0 && view.spec().workers().min() == 0) {
            reasons.add("no worker is started before a client waits");
        }
        fullShare(view).ifPresent(share -> reasons.add(users(share)));
        if (view.counters().maxReached() > 0) {
            reasons.add(
                    "clients had to wait %s since all workers were busy"
                            .formatted(times(view.counters().maxReached())));
        }
        if (view.counters().refused() > 0) {
            reasons.add(
                    "%d %s got 503 so far"
                            .formatted(
                                    view.counters().refused(),
                                    view.counters().refused() == 1 ? "client" : "clients"));
        }
        view.lastUnready()
                .ifPresent(last ->
                        reasons.add(
                                "%s; that was %s ago"
                                        .formatted(
                                                unready(last),
                                                StateText.duration(now.since(last.ended())))));
        view.lastRoll()
                .filter(roll -> roll.state() == RollState.FAILED)
                .ifPresent(roll -> reasons.add(failedRoll(view, roll, now)));
        for (Worker worker : view.workers()) {
            if (worker.activity().isEmpty()) {
                reasons.add(
                        "%s (%s): %s; %s"
                                .formatted(
                                        name(worker),
                                        worker.process().process().state().phase().wireName(),
                                        StateText.cause(worker.process()),
                                        nextStep(worker.process(), now)));
            } else {
                WorkerText.trouble(worker, now).ifPresent(reasons::add);
            }
        }
        return reasons;
    }

    /** Its share, if that keeps it from more workers. */
    private static Optional<Share> fullShare(PoolView view) {
        return view.share()
                .filter(Share::isFull)
                .filter(_ -> !view.isStopped() && view.total() < view.spec().workers().max());
    }

    private static String users(Share share) {
        StringJoiner users = new StringJoiner(", ");
        share.used().forEach((pool, count) -> users.add(pool + " has " + count));
        return "the share '%s' is full: of its %d workers, %s"
                .formatted(share.name(), share.most(), users);
    }

    private static String unready(Unready last) {
        return last.worker() + " " + last.cause() + ", before it was ready for clients";
    }

    private static String failedRoll(PoolView view, Roll roll, Ticks now) {
        return ("not all workers were replaced %s ago: %s; a reload or 'procmon restart %s"
                        + " --rolling' tries again")
                .formatted(
                        StateText.duration(now.since(roll.since())),
                        roll.reason().orElse("a new worker did not become ready"),
                        view.name());
    }

    private static String times(long count) {
        return count == 1 ? "once" : count + " times";
    }

    /** What comes next, or what is needed for it; never empty. */
    public static String outlook(PoolView view, Ticks now) {
        return switch (PoolCondition.of(view)) {
            case STOPPED -> "nothing by itself; 'procmon start " + view.name() + "' starts it";
            case FAILED ->
                    view.listening().isEmpty() && view.trouble().isPresent()
                            ? "it listens again as soon as that is possible"
                            : startless(view)
                                    .map(process -> process.name() + ": " + nextStep(process, now))
                                    .orElse("it starts workers again");
            case SERVING -> ofClients(view) + deadline(view) + fewer(view);
        };
    }

    private static String ofClients(PoolView view) {
        if (view.queue().waiting() == 0) {
            return noneWaits(view);
        }
        boolean isFull = view.total() >= view.spec().workers().max() || fullShare(view).isPresent();
        return (isFull
                        ? view.total() == 0
                                ? "a worker starts when its share has room"
                                : "the client that has waited longest gets the first worker that"
                                        + " is done"
                        : "more workers start while clients wait, up to "
                                + view.spec().workers().max())
                + refusal(view);
    }

    private static String noneWaits(PoolView view) {
        int most = view.spec().workers().max();
        if (view.total() >= most) {
            return view.idle() > 0
                    ? "the next client gets an idle worker"
                    : "the next client waits until a worker is done";
        }
        if (fullShare(view).isPresent() && view.idle() == 0) {
            return "the next client waits until its share has room or a worker is done";
        }
        return view.idle() > 0
                ? "more workers start when they are needed, up to " + most
                : "a worker starts when the next client comes";
    }

    private static String refusal(PoolView view) {
        StringBuilder text = new StringBuilder();
        view.spec()
                .queue()
                .timeout()
                .ifPresent(limit ->
                        text.append("; a client that has waited for ")
                                .append(StateText.duration(limit))
                                .append(" gets 503"));
        view.spec()
                .queue()
                .max()
                .ifPresent(max ->
                        text.append("; if more than ")
                                .append(max)
                                .append(" wait, the first gets 503"));
        return text.toString();
    }

    /** When the next worker is ended for its request. */
    private static String deadline(PoolView view) {
        Optional<Duration> limit = view.spec().request().timeout();
        if (limit.isEmpty()) {
            return "";
        }
        Worker longest = null;
        Duration most = Duration.ZERO;
        for (Worker worker : view.workers()) {
            Duration busy = busyFor(worker).orElse(Duration.ZERO);
            if (busy.compareTo(most) > 0) {
                most = busy;
                longest = worker;
            }
        }
        if (longest == null) {
            return "";
        }
        Duration left = limit.get().minus(most);
        return "; %s is ended in %s unless its request is done"
                .formatted(
                        name(longest), left.isPositive() ? StateText.duration(left) : "a moment");
    }

    private static Optional<Duration> busyFor(Worker worker) {
        return worker.activity()
                .filter(activity -> activity.work() == Work.BUSY)
                .flatMap(Activity::busyFor);
    }

    private static String fewer(PoolView view) {
        PoolSpec spec = view.spec();
        boolean mayShrink = spec.mode() != PoolMode.STATIC && view.idle() > 0;
        return mayShrink && view.total() > spec.workers().min()
                ? "; workers that are not needed for %s are stopped"
                        .formatted(StateText.duration(spec.idleTimeout()))
                : "";
    }

    private static String name(Worker worker) {
        return worker.process().name();
    }
}
