package org.procmon.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.procmon.config.GiveUp;
import org.procmon.config.MonitorSpec;
import org.procmon.config.OrphanPolicy;
import org.procmon.config.ProcessSpec;
import org.procmon.config.Schedule;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.Phase;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.lifecycle.RunHealth;
import org.procmon.lifecycle.StopReason;
import org.procmon.lifecycle.Ticks;
import org.procmon.status.ProcessView;
import org.procmon.supervise.port.Command;
import org.procmon.supervise.port.Reply;

/**
 * What is wanted of the processes in a history, by an account of its own, and what may be done for
 * that.
 */
final class Wishes {
    private final FakeKernel kernel;
    private final Supplier<ProcessSet> ensemble;

    /** The configuration that counts. */
    private MonitorSpec spec;

    /** Whether the latest command or the beginning wants the process up. */
    private final Map<String, Boolean> wanted = new HashMap<>();

    /** Whom the latest command wants down; its schedule is paused. */
    private final Set<String> paused = new HashSet<>();

    /** About whom something is decided just now, which nobody may know of yet. */
    private final Set<String> touched = new HashSet<>();

    /** When any was started since this monitor, and this configuration, began. */
    private final List<Ticks> allStarts = new ArrayList<>();

    /** When each was started since a command or another monitor wanted it up. */
    private final Map<String, List<Ticks>> starts = new HashMap<>();

    /** Whom each rolling restart means, and what it is answered by. */
    private final Map<CompletableFuture<Reply>, Set<String>> rolling = new HashMap<>();

    /** Whether a command is being carried out that may end any run for another. */
    private boolean restarting;

    /**
     * @param ensemble that of the present monitor
     */
    Wishes(MonitorSpec spec, FakeKernel kernel, Supplier<ProcessSet> ensemble) {
        this.kernel = kernel;
        this.ensemble = ensemble;
        this.spec = spec;
        spec.processes().forEach(p -> wanted.put(p.id(), startsWithTheOthers(p)));
    }

    MonitorSpec spec() {
        return spec;
    }

    /** A run is about to be started. */
    void checkStart(ProcessSpec process) {
        assertThat(wanted.get(process.id()))
                .as("%s is started though no command wants it", process.id())
                .isTrue();
        checkThatItIsGivenUpInTime(process);
        if (process.hooks().beforeStart().isEmpty()) {
            checkThatNotTooManyStart();
        }
    }

    /** The hook that comes before a start is about to be run. */
    void checkPreparation(ProcessSpec process) {
        assertThat(wanted.get(process.id()))
                .as("a hook of %s is run though no command wants it", process.id())
                .isTrue();
        checkThatNotTooManyStart();
    }

    /** The first start, and so many restarts within any period. */
    private void checkThatItIsGivenUpInTime(ProcessSpec process) {
        if (process.giveUp().isEmpty()) {
            return;
        }
        GiveUp limit = process.giveUp().get();
        List<Ticks> all = starts.computeIfAbsent(process.id(), _ -> new ArrayList<>());
        all.add(kernel.now());
        long lately =
                all.stream()
                        .filter(at -> kernel.now().since(at).compareTo(limit.period()) < 0)
                        .count();
        assertThat(lately)
                .as("starts of %s within %s", process.id(), limit.period())
                .isLessThanOrEqualTo(limit.restarts() + 1);
    }

    private void checkThatNotTooManyStart() {
        allStarts.add(kernel.now());
        spec.startBudget()
                .ifPresent(budget ->
                        assertThat(allStarts)
                                .filteredOn(
                                        at -> kernel.now().since(at).compareTo(budget.period()) < 0)
                                .as("starts within %s", budget.period())
                                .hasSizeLessThanOrEqualTo(budget.starts()));
    }

    /** Something happens in the middle of which the monitor may die. */
    void somethingBegins() {
        touched.clear();
    }

    /** It has died. A command that was not answered may have been heard or not. */
    void somethingWasInterrupted() {
        touched.forEach(name -> wanted.put(name, true));
        paused.removeAll(touched);
    }

    void anotherTakesOver() {
        allStarts.clear();
        starts.clear();
        rolling.clear();
        restarting = false;
    }

    /** What follows is no restart that could be too many. */
    void forgive(String name) {
        starts.remove(name);
    }

    void timeComes(String name, Schedule.Action action) {
        touched.add(name);
        if (action == Schedule.Action.START && !paused.contains(name)) {
            wanted.put(name, true);
        }
        forgive(name);
    }

    void timeCame(String name) {
        views().stream()
                .filter(v -> v.name().equals(name) && v.process().goal() == Goal.DOWN)
                .forEach(_ -> wanted.put(name, false));
    }

    /** Of a command that is about to be given. */
    void commandComes(Command command, CompletableFuture<Reply> reply, boolean refused) {
        switch (command) {
            case Command.Start c when !refused -> wantStarted(c.names());
            case Command.Restart c when !refused -> want(c.names(), true);
            case Command.Refresh c when !refused -> want(c.names(), true);
            case Command.Roll c when !refused -> {
                if (!isRolling(meant(c.names()))) {
                    want(c.names(), true);
                }
            }
            case Command.Stop c -> want(c.names(), false);
            case Command.Delete c -> want(c.names(), false);
            case Command.Shutdown _ -> {
                touched.addAll(wanted.keySet());
                wanted.replaceAll((_, _) -> false);
            }
            case Command.Start _,
                    Command.Restart _,
                    Command.Refresh _,
                    Command.Roll _,
                    Command.StartCompanion _,
                    Command.StartWorker _,
                    Command.RetireWorker _,
                    Command.SignalWorker _,
                    Command.SendSignal _,
                    Command.Reload _,
                    Command.PlanReload _ -> {}
        }
        restarting = command instanceof Command.Restart || command instanceof Command.Refresh;
        if (command instanceof Command.Roll roll && !isRolling(meant(roll.names()))) {
            rolling.put(reply, meant(roll.names()));
        }
    }

    void commandCame() {
        restarting = false;
    }

    /** The others are as they are to be before it takes one. */
    void changed(ProcessStatus before, ProcessView after) {
        boolean isDequeued =
                before.tally().diary().queued() && !after.process().tally().diary().queued();
        if (isDequeued) {
            // A time that came before starts it now.
            forgive(after.name());
        }
        if (restarting
                || !(after.process().state() instanceof ProcessState.Stopping stopping)
                || stopping.why() != StopReason.RESTART
                || before.state() instanceof ProcessState.Stopping) {
            return;
        }
        starts.remove(after.name());
        Set<String> names =
                rolling.entrySet().stream()
                        .filter(e -> !e.getKey().isDone() && e.getValue().contains(after.name()))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError(after.name() + " is restarted"))
                        .getValue();
        for (ProcessView other : views()) {
            if (names.contains(other.name()) && !other.name().equals(after.name())) {
                assertThat(other.process().state().phase())
                        .as("%s, while %s is taken down", other.name(), after.name())
                        .isIn(Phase.RUNNING, Phase.COMPLETED);
                assertThat(other.process().vitals().condition())
                        .isEqualTo(RunHealth.Condition.NORMAL);
            }
        }
    }

    private boolean isRolling(Set<String> names) {
        ensemble.get().sendReplies();
        return rolling.entrySet().stream()
                .anyMatch(e -> !e.getKey().isDone() && !Collections.disjoint(e.getValue(), names));
    }

    private Set<String> meant(List<String> names) {
        Set<String> meant = new HashSet<>(names);
        if (meant.remove("all")) {
            views().stream()
                    .filter(view -> !view.spec().skip())
                    .forEach(view -> meant.add(view.name()));
        }
        return meant;
    }

    /** A command with an unknown name changes nothing, so it wants nothing either. */
    private void want(List<String> names, boolean up) {
        List<String> known = views().stream().map(ProcessView::name).toList();
        if (names.equals(List.of("all"))) {
            starts.clear();
            for (ProcessSpec process : spec.processes()) {
                if (!up || !process.skip()) {
                    want(process.id(), up);
                }
            }
        } else if (known.containsAll(names)) {
            names.forEach(name -> want(name, up));
            names.forEach(starts::remove);
        }
    }

    /** By a pattern, what has completed or is left to its schedule stays as it is. */
    private void wantStarted(List<String> names) {
        if (!names.equals(List.of("all"))) {
            want(names, true);
            return;
        }
        starts.clear();
        for (ProcessView view : views()) {
            boolean isOver =
                    view.process().state() instanceof ProcessState.Completed
                            || view.spec().triggers().startsByTime();
            boolean isLeft = isOver && !view.process().isHeldDown();
            boolean isKnown =
                    spec.processes().stream().anyMatch(process -> process.id().equals(view.name()));
            if (isKnown && !view.spec().skip() && !isLeft) {
                want(view.name(), true);
            }
        }
    }

    private void want(String name, boolean up) {
        touched.add(name);
        wanted.put(name, up);
        if (up) {
            paused.remove(name);
        } else {
            paused.add(name);
        }
    }

    /**
     * What is new is wanted, and what is gone is not; nothing else is decided anew.
     *
     * @return what makes it so, once the new configuration counts
     */
    Supplier<Optional<String>> reload(MonitorSpec next) {
        Map<String, ProcessView> before = new HashMap<>();
        views().forEach(view -> before.put(view.name(), view));
        Map<String, Boolean> decided = new HashMap<>(wanted);
        Set<String> fresh = new HashSet<>();
        for (ProcessSpec process : next.processes()) {
            ProcessView view = before.remove(process.id());
            boolean starts = startsWithTheOthers(process);
            if (view == null || view.process().goal() == Goal.FORGOTTEN) {
                decided.put(process.id(), starts);
                fresh.add(process.id());
            } else if (view.orphan()) {
                // It goes on as it was, whatever was to become of it.
                decided.put(process.id(), true);
                fresh.add(process.id());
            } else if (!view.process().isHeldDown() && isNoLongerStarted(view, process)) {
                decided.put(process.id(), false);
            } else if (!view.process().isHeldDown()) {
                // What nobody holds down is as at a beginning.
                decided.merge(process.id(), starts, Boolean::logicalOr);
            }
        }
        for (ProcessView gone : before.values()) {
            if (next.orphans() == OrphanPolicy.STOP) {
                decided.put(gone.name(), false);
            }
        }
        return () -> {
            spec = next;
            allStarts.clear();
            starts.clear();
            wanted.putAll(decided);
            touched.addAll(decided.keySet());
            paused.removeAll(fresh);
            return Optional.empty();
        };
    }

    /** What runs goes on, and what is over is left to its schedule as it is. */
    private static boolean isNoLongerStarted(ProcessView view, ProcessSpec next) {
        ProcessSpec old = view.spec();
        boolean started = startsWithTheOthers(old);
        boolean starts = startsWithTheOthers(next);
        ProcessState state = view.process().state();
        boolean goesOn =
                state.phase().isAlive()
                        || (!next.skip()
                                && (state instanceof ProcessState.Completed
                                        || state instanceof ProcessState.Failed));
        return started && !starts && !goesOn;
    }

    private static boolean startsWithTheOthers(ProcessSpec process) {
        return !process.skip() && !process.triggers().startsByTime();
    }

    private List<ProcessView> views() {
        return ensemble.get().views();
    }
}
