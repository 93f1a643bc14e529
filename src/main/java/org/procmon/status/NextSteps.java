package org.procmon.status;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.procmon.config.RestartPolicy;
import org.procmon.config.Schedule;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.HookKind;
import org.procmon.lifecycle.Lifecycle;
import org.procmon.lifecycle.ProcessState.Backoff;
import org.procmon.lifecycle.ProcessState.Completed;
import org.procmon.lifecycle.ProcessState.Failed;
import org.procmon.lifecycle.ProcessState.Running;
import org.procmon.lifecycle.ProcessState.Starting;
import org.procmon.lifecycle.ProcessState.Stopped;
import org.procmon.lifecycle.ProcessState.Stopping;
import org.procmon.lifecycle.ProcessState.Waiting;
import org.procmon.lifecycle.StartError;
import org.procmon.lifecycle.StopReason;
import org.procmon.lifecycle.Ticks;

/** What happens next to a process, and when, or what is needed for it; in words, for people. */
public final class NextSteps {
    private static final int MOST_DAYS = 4;

    private NextSteps() {}

    /** A sentence without its full stop; never empty. */
    public static String of(ProcessView view, Ticks now) {
        StringBuilder text = new StringBuilder(ofState(view, now));
        if (view.process().state().phase().isAlive()) {
            view.comes().ifPresent(plan -> text.append("; ").append(planned(plan)));
        }
        view.remark().ifPresent(remark -> text.append("; it ").append(remark));
        if (!view.outdated().isEmpty()) {
            text.append("; it began before its specification was changed (")
                    .append(String.join(", ", view.outdated()))
                    .append("): 'procmon reload' restarts it");
        }
        view.unkept()
                .ifPresent(reason ->
                        text.append("; it may be otherwise to the next monitor: ").append(reason));
        return text.toString();
    }

    private static String ofState(ProcessView view, Ticks now) {
        return switch (view.process().state()) {
            case Stopped s ->
                    s.why() == StopReason.SHUTDOWN
                            ? "it starts with the next monitor"
                            : byCommandOnly(view);
            case Completed _ -> byCommandOnly(view);
            case Failed s when s.error().filter(StartError::lasting).isPresent() ->
                    toBeMended(s, view, now);
            case Failed s ->
                    s.retry().isPresent()
                            ? "it is tried again in " + left(s.retry().get(), now)
                            : byCommandOnly(view);
            case Waiting s when s.hook().isPresent() ->
                    "it starts if its hook "
                            + HookKind.BEFORE_START.key()
                            + " ends with code 0"
                            + within(s.hook().get().deadline(), now);
            case Waiting _ ->
                    view.waitsFor().isEmpty()
                            ? view.inLine() ? "it starts when it is its turn" : "it starts at once"
                            : "it starts as soon as " + WaitReasons.outlook(view);
            case Starting s ->
                    view.spec().checks().ready().isPresent()
                            ? s.deadline()
                                    .map(at ->
                                            "its start has failed if it is not ready in "
                                                    + left(at, now))
                                    .orElse("it counts as running when it is ready")
                            : "it counts as running in " + left(s.ready(), now);
            case Running _ ->
                    view.orphan()
                            ? "if it ends, it is forgotten"
                            : atItsEnd(view) + atTheLatest(view, now);
            case Stopping s -> stopping(s, view, now) + afterwards(s, view);
            case Backoff s -> "it starts again in " + left(s.until(), now);
        };
    }

    private static String atItsEnd(ProcessView view) {
        if (view.process().tally().diary().queued()) {
            return "if it ends, its schedule starts it again, since a start has come meanwhile";
        }
        return switch (view.spec().restart()) {
            case ALWAYS -> "if it ends, it is started again";
            case ON_FAILURE -> "if it fails, it is started again";
            case NEVER -> "if it ends, it is not started again";
        };
    }

    private static String atTheLatest(ProcessView view, Ticks now) {
        boolean isJob = view.spec().restart() == RestartPolicy.NEVER;
        return Lifecycle.deadline(view.spec(), view.process())
                .map(at ->
                        (isJob
                                        ? "; it has failed if it has not ended in "
                                        : "; it is restarted in ")
                                + left(at, now))
                .orElse("");
    }

    /** To the second, in the time zone of the schedule. */
    private static String planned(ScheduledAction plan) {
        StringBuilder text = new StringBuilder("its schedule ");
        text.append(plan.action().word())
                .append("s it at ")
                .append(plan.at().truncatedTo(ChronoUnit.SECONDS));
        if (!plan.delay().isZero()) {
            text.append(", with ").append(StateText.duration(plan.delay())).append(" of jitter");
        }
        return text.append(leftOut(plan.leftOut())).toString();
    }

    private static String leftOut(List<LocalDate> days) {
        if (days.isEmpty()) {
            return "";
        }
        String some =
                days.stream()
                        .limit(MOST_DAYS)
                        .map(LocalDate::toString)
                        .collect(Collectors.joining(", "));
        String others = days.size() > MOST_DAYS ? " and others" : "";
        return ", and 'except' leaves out earlier times on " + some + others;
    }

    /** A retry would fail again. */
    private static String toBeMended(Failed failed, ProcessView view, Ticks now) {
        if (failed.retry().isPresent()) {
            return "it is tried again in "
                    + left(failed.retry().get(), now)
                    + ", and fails unless that is corrected";
        }
        Optional<ScheduledAction> start = start(view);
        return start.isPresent()
                ? planned(start.get()) + ", and it fails unless that is corrected"
                : "nothing by itself; once that is corrected, 'procmon start "
                        + view.name()
                        + "' or 'procmon reload' starts it";
    }

    private static String byCommandOnly(ProcessView view) {
        if (view.spec().triggers().schedule().isPresent() && view.process().isHeldDown()) {
            return "nothing by itself, its schedule is paused; 'procmon start "
                    + view.name()
                    + "' starts it and the schedule";
        }
        Optional<ScheduledAction> start = start(view);
        if (start.isPresent()) {
            return planned(start.get());
        }
        return "nothing by itself; 'procmon start " + view.name() + "' starts it";
    }

    private static Optional<ScheduledAction> start(ProcessView view) {
        return view.comes().filter(plan -> plan.action() == Schedule.Action.START);
    }

    private static String stopping(Stopping s, ProcessView view, Ticks now) {
        if (s.hook().isPresent()) {
            String hook = "its hook " + HookKind.AFTER_STOP.key();
            return s.deadline()
                    .map(at -> hook + " is killed unless it ends within " + left(at, now))
                    .orElse(hook + " is to end, however long that takes");
        }
        if (s.sent() > 0) {
            return s.nextStep()
                    .map(at ->
                            "what is left of it gets "
                                    + StateText.nextStop(s, view)
                                    + " in "
                                    + left(at, now))
                    .orElse("it is to end, however long that takes");
        }
        return view.waitsFor().isEmpty()
                ? "what it has left is counted"
                : "it gets "
                        + StateText.nextStop(s, view)
                        + " when "
                        + all(view.waitsFor())
                        + " gone";
    }

    private static String afterwards(Stopping s, ProcessView view) {
        if (s.why().isFailure()) {
            return "; then it counts as failed";
        }
        boolean again = view.process().goal() == Goal.UP && s.why() != StopReason.ENDED;
        if (!again) {
            return "";
        }
        return s.hook().isPresent()
                ? "; then it starts again"
                : "; once it is gone, it starts again";
    }

    private static String all(List<String> names) {
        return String.join(", ", names) + (names.size() == 1 ? " is" : " are");
    }

    private static String within(Optional<Ticks> deadline, Ticks now) {
        return deadline.map(at -> " within " + left(at, now)).orElse("");
    }

    private static String left(Ticks at, Ticks now) {
        return now.hasReached(at) ? "a moment" : StateText.duration(at.since(now));
    }
}
