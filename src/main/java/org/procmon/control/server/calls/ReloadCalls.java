package org.procmon.control.server.calls;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.procmon.config.ProcessName;
import org.procmon.control.protocol.Call;
import org.procmon.control.protocol.ErrorName;
import org.procmon.control.protocol.ReloadPlan;
import org.procmon.control.server.replies.CallReply;
import org.procmon.control.server.replies.NameLookup;
import org.procmon.reload.ChangePlan;
import org.procmon.supervise.port.Reloader;
import org.procmon.supervise.port.Reloader.Outcome;

/** Answers calls that change the configuration. Any thread. */
final class ReloadCalls {
    /** How many problems are reported; the rest appears once these are fixed. */
    private static final int MOST_PROBLEMS = 200;

    private final Reloader reloader;

    ReloadCalls(Reloader reloader) {
        this.reloader = reloader;
    }

    CompletableFuture<Outcome> reload(Call call) {
        return reloader.reload(call.dryRun());
    }

    CallReply check() {
        List<String> problems = reloader.check();
        if (problems.size() <= MOST_PROBLEMS) {
            return new CallReply.Problems(problems);
        }
        List<String> some = new ArrayList<>(problems.subList(0, MOST_PROBLEMS));
        some.add("and " + (problems.size() - MOST_PROBLEMS) + " more problems");
        return new CallReply.Problems(some);
    }

    /** Why a name cannot be scaled; empty if it can. */
    static Optional<CallReply> problem(String name) {
        return ProcessName.isValid(name)
                ? Optional.empty()
                : NameLookup.problem(List.of(name))
                        .or(() ->
                                Optional.of(
                                        NameLookup.invalid(
                                                name, "a number is given for one name only")));
    }

    CompletableFuture<Outcome> scale(Call call) {
        return reloader.scale(call.names().getFirst(), call.instances());
    }

    static CallReply answer(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Planned(ChangePlan changePlan, List<String> atOnce, List<String> later) ->
                    new CallReply.Planned(
                            new ReloadPlan(
                                    changePlan.changes().stream().map(ReloadCalls::change).toList(),
                                    changePlan.unchanged(),
                                    atOnce,
                                    later));
            case Outcome.Invalid(List<String> problems) ->
                    CallReply.TextReply.error(
                            ErrorName.CONFIGURATION_INVALID, "reason", String.join("\n", problems));
            case Outcome.Failed(String name, String reason) ->
                    CallReply.TextReply.error(ErrorName.FAILED, "name", name, "reason", reason);
            case Outcome.NoSuchProcess(String name) ->
                    CallReply.TextReply.error(ErrorName.NO_SUCH_PROCESS, "name", name);
            case Outcome.ShuttingDown _ -> CallReply.TextReply.error(ErrorName.SHUTTING_DOWN);
            case Outcome.Busy(int waiting) ->
                    CallReply.TextReply.error(
                            ErrorName.BUSY,
                            "reason",
                            waiting + " other reloads wait for their turn; try again later");
        };
    }

    private static ReloadPlan.Change change(ChangePlan.Change change) {
        String action = change.action().name().toLowerCase(Locale.ROOT);
        return new ReloadPlan.Change(change.name(), action, change.keys(), change.besides());
    }
}
