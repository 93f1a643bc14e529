package org.procmon.control.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.procmon.control.protocol.Call;
import org.procmon.control.protocol.ErrorName;
import org.procmon.control.protocol.ReloadPlan;
import org.procmon.control.server.Reloader.Outcome;
import org.procmon.spec.ProcessName;
import org.procmon.supervise.Plan;

/** Answers calls that change the configuration. Any thread. */
final class ReloadCalls {
    /** How many are told; the rest is seen once these are mended. */
    private static final int MOST_PROBLEMS = 200;

    private final Reloader reloader;

    ReloadCalls(Reloader reloader) {
        this.reloader = reloader;
    }

    CompletableFuture<Outcome> reload(Call call) {
        return reloader.reload(call.dryRun());
    }

    Answer check() {
        List<String> problems = reloader.check();
        if (problems.size() <= MOST_PROBLEMS) {
            return new Answer.Problems(problems);
        }
        List<String> some = new ArrayList<>(problems.subList(0, MOST_PROBLEMS));
        some.add("and " + (problems.size() - MOST_PROBLEMS) + " more problems");
        return new Answer.Problems(some);
    }

    /** What keeps a name from being scaled; empty if nothing does. */
    static Optional<Answer> problem(String name) {
        return ProcessName.isValid(name)
                ? Optional.empty()
                : Names.problem(List.of(name))
                        .or(() ->
                                Optional.of(
                                        Names.invalid(
                                                name, "a number is given for one name only")));
    }

    CompletableFuture<Outcome> scale(Call call) {
        return reloader.scale(call.names().getFirst(), call.instances());
    }

    static Answer answer(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Planned(Plan plan, List<String> atOnce, List<String> later) ->
                    new Answer.Planned(
                            new ReloadPlan(
                                    plan.changes().stream().map(ReloadCalls::change).toList(),
                                    plan.unchanged(),
                                    atOnce,
                                    later));
            case Outcome.Invalid(List<String> problems) ->
                    Answer.Texts.error(
                            ErrorName.CONFIGURATION_INVALID, "reason", String.join("\n", problems));
            case Outcome.Failed(String name, String reason) ->
                    Answer.Texts.error(ErrorName.FAILED, "name", name, "reason", reason);
            case Outcome.NoSuchProcess(String name) ->
                    Answer.Texts.error(ErrorName.NO_SUCH_PROCESS, "name", name);
            case Outcome.ShuttingDown _ -> Answer.Texts.error(ErrorName.SHUTTING_DOWN);
            case Outcome.Busy(int waiting) ->
                    Answer.Texts.error(
                            ErrorName.BUSY,
                            "reason",
                            waiting + " other reloads wait for their turn; try again later");
        };
    }

    private static ReloadPlan.Change change(Plan.Change change) {
        String action = change.action().name().toLowerCase(Locale.ROOT);
        return new ReloadPlan.Change(change.name(), action, change.keys(), change.besides());
    }
}
