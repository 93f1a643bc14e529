package org.procmon.control.server.calls;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.procmon.config.ProcessName;
import org.procmon.control.protocol.Call;
import org.procmon.control.protocol.ErrorName;
import org.procmon.control.protocol.ReloadPlan;
import org.procmon.control.server.replies.CallErrors;
import org.procmon.control.server.replies.CallReply;
import org.procmon.control.server.replies.NameLookup;
import org.procmon.reload.plan.ChangePlan;
import org.procmon.supervise.port.Reloader;
import org.procmon.supervise.port.Reloader.Outcome;

/** Answers calls that change the configuration. Any thread. */
final class ReloadCalls {
    /** How many problems are reported; the rest appears once these are fixed. */
    private static final int MOST_PROBLEMS = 200;

    private final Reloader reloader;
    private final WaitLimits limits;
    private final ReplyWaiter replyWaiter;

    ReloadCalls(Reloader reloader, WaitLimits limits, ReplyWaiter replyWaiter) {
        this.reloader = reloader;
        this.limits = limits;
        this.replyWaiter = replyWaiter;
    }

    CallReply reload(Call call, ClientLiveness client) throws InterruptedException {
        return outcome(reloader.reload(call.dryRun()), call, client);
    }

    CallReply scale(Call call, ClientLiveness client) throws InterruptedException {
        String name = call.names().getFirst();
        Optional<CallReply> problem = problem(name);
        return problem.isPresent()
                ? problem.get()
                : outcome(reloader.scale(name, call.instances()), call, client);
    }

    private CallReply outcome(CompletableFuture<Outcome> outcome, Call call, ClientLiveness client)
            throws InterruptedException {
        try {
            return reply(replyWaiter.await(outcome, limits.millis(call), client));
        } catch (TimeoutException _) {
            outcome.cancel(false);
            return CallErrors.timedOut("", "the monitor has not started it yet");
        } catch (ExecutionException e) {
            return CallErrors.failed(e);
        } catch (InterruptedException e) {
            outcome.cancel(false);
            throw e;
        }
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
    private static Optional<CallReply> problem(String name) {
        return ProcessName.isValid(name)
                ? Optional.empty()
                : NameLookup.problem(List.of(name))
                        .or(() ->
                                Optional.of(
                                        NameLookup.invalid(
                                                name, "a number is given for one name only")));
    }

    private static CallReply reply(Outcome outcome) {
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
            case Outcome.Failed(String name, String reason) -> CallErrors.failed(name, reason);
            case Outcome.NoSuchProcess(String name) -> CallErrors.noSuchProcess(name);
            case Outcome.ShuttingDown _ -> CallErrors.shuttingDown();
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
