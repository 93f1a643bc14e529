package org.procmon.supervise;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.procmon.lifecycle.Event;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.Lifecycle;
import org.procmon.lifecycle.StopReason;
import org.procmon.spec.MonitorSpec;
import org.procmon.spec.Signal;

/**
 * Takes commands: finds out whom they mean, and makes events of them whose outcome is then pursued.
 * Loop thread only.
 */
final class Orders {
    /** What carries them out. */
    interface Floor {
        /** Lets something happen to a process, soon. */
        void post(Entry entry, Event event);

        /** Why its program could not be started now; empty if nothing is known against it. */
        Optional<String> refusal(Entry entry);

        /** Sends a signal to the first process of a run; false if there is none. */
        boolean signal(Entry entry, Signal signal);

        /**
         * Puts another configuration in the place of the present one.
         *
         * @param own the monitor's own programs under it
         */
        void reload(MonitorSpec spec, Reload reload, List<Attendant> own);

        /** Adds a program of the monitor's own, unless there is one of its name. */
        void attend(Attendant attendant);

        void shutDown(CompletableFuture<Reply> reply);

        boolean isShuttingDown();

        ProcessView view(Entry entry);
    }

    private final Table table;
    private final Answers answers;
    private final Floor floor;
    private final List<Roll> rolls = new ArrayList<>();

    Orders(Table table, Answers answers, Floor floor) {
        this.table = table;
        this.answers = answers;
        this.floor = floor;
    }

    void take(Command command, CompletableFuture<Reply> reply) {
        switch (command) {
            case Command.Start c ->
                    bringUp(
                            c.names(),
                            new Event.Start(),
                            _ -> false,
                            StartCheck::beforeStart,
                            reply);
            case Command.Restart c ->
                    bringUp(
                            c.names(),
                            new Event.Restart(StopReason.RESTART),
                            _ -> true,
                            StartCheck::beforeRestart,
                            reply);
            case Command.Roll c -> roll(c, reply);
            case Command.Refresh c ->
                    bringUp(
                            c.names(),
                            new Event.Refresh(),
                            e -> !Lifecycle.reloadsInPlace(e.spec, e.process),
                            (check, entry) ->
                                    Lifecycle.reloadsInPlace(entry.spec, entry.process)
                                            ? Optional.empty()
                                            : check.beforeRestart(entry),
                            reply);
            case Command.Stop c ->
                    pursue(
                            Pursuit.Aim.DOWN,
                            meant(c.names(), false, reply),
                            new Event.Stop(StopReason.OPERATOR),
                            _ -> false,
                            reply);
            case Command.Delete c -> delete(c, reply);
            case Command.Attend c -> {
                if (!floor.isShuttingDown()) {
                    floor.attend(c.attendant());
                }
                bringUp(
                        List.of(c.attendant().spec().id()),
                        new Event.Start(),
                        _ -> false,
                        (_, _) -> Optional.empty(),
                        reply);
            }
            case Command.Send c -> send(c, reply);
            case Command.Reload c -> reload(c, reply);
            case Command.Rehearse c ->
                    answers.add(reply, new Reply.Planned(new Reload(table, c.spec(), true).plan()));
            case Command.Shutdown _ -> floor.shutDown(reply);
        }
    }

    private void reload(Command.Reload command, CompletableFuture<Reply> reply) {
        if (floor.isShuttingDown()) {
            answers.add(reply, new Reply.ShuttingDown());
            return;
        }
        Reload reload = new Reload(table, command.spec(), command.bringsBackDeleted());
        Optional<String> unkept = command.keep().get();
        if (unkept.isPresent()) {
            answers.add(reply, new Reply.Failed("", unkept.get()));
            return;
        }
        floor.reload(command.spec(), reload, command.attendants());
        answers.add(reply, new Reply.Planned(reload.plan()));
    }

    /** Looks at one of those that a command starts. */
    private interface Look {
        /** Why it cannot be started; empty if nothing is known. */
        Optional<String> at(StartCheck check, Entry entry);
    }

    private void bringUp(
            List<String> names,
            Event event,
            Predicate<Entry> anew,
            Look look,
            CompletableFuture<Reply> reply) {
        if (floor.isShuttingDown()) {
            answers.add(reply, new Reply.ShuttingDown());
            return;
        }
        List<Entry> entries = meant(names, true, reply);
        String verb = event instanceof Event.Start ? "start" : "restart";
        if (canStart(entries, verb, look, reply)) {
            pursue(Pursuit.Aim.UP, entries, event, anew, reply);
        }
    }

    /**
     * Whether all of them can be started, as far as is known.
     *
     * @param reply is answered if one of them cannot; nothing was changed then
     */
    private boolean canStart(
            List<Entry> entries, String verb, Look look, CompletableFuture<Reply> reply) {
        StartCheck check = new StartCheck(table, floor, new HashSet<>(entries), verb);
        Failures failures = new Failures();
        for (Entry entry : entries) {
            look.at(check, entry).ifPresent(obstacle -> failures.add(entry.name(), obstacle));
        }
        failures.reply().ifPresent(failed -> answers.add(reply, failed));
        return failures.reply().isEmpty();
    }

    private void delete(Command.Delete command, CompletableFuture<Reply> reply) {
        List<Entry> entries = meant(command.names(), false, reply);
        for (Entry entry : command.force() ? List.<Entry>of() : entries) {
            List<String> dependents =
                    entry.dependents.stream()
                            .filter(e -> !entries.contains(e))
                            .filter(e -> e.process.goal() != Goal.FORGOTTEN)
                            .map(Entry::name)
                            .toList();
            if (!dependents.isEmpty()) {
                String reason =
                        Failures.listed(dependents)
                                + (dependents.size() == 1 ? " depends" : " depend");
                answers.add(reply, new Reply.HasDependents(entry.name(), reason + " on it"));
                return;
            }
        }
        pursue(Pursuit.Aim.GONE, entries, new Event.Delete(StopReason.OPERATOR), _ -> false, reply);
    }

    private void pursue(
            Pursuit.Aim aim,
            List<Entry> entries,
            Event event,
            Predicate<Entry> anew,
            CompletableFuture<Reply> reply) {
        if (entries.isEmpty()) {
            return;
        }
        new Pursuit(aim, entries, anew, answers, reply);
        entries.forEach(entry -> floor.post(entry, event));
    }

    private void roll(Command.Roll command, CompletableFuture<Reply> reply) {
        rolls.removeIf(Roll::isOver);
        if (floor.isShuttingDown()) {
            answers.add(reply, new Reply.ShuttingDown());
            return;
        }
        List<Entry> entries = meant(command.names(), true, reply);
        Optional<Entry> taken =
                entries.stream().filter(e -> rolls.stream().anyMatch(r -> r.means(e))).findFirst();
        if (taken.isPresent()) {
            String reason = "another rolling restart of it is under way";
            answers.add(reply, new Reply.Failed(taken.get().name(), reason));
        } else if (!entries.isEmpty()
                && canStart(entries, "restart", StartCheck::beforeRestart, reply)) {
            rolls.add(new Roll(entries, table, floor, answers, reply));
        }
    }

    /**
     * Lets the rolling restarts go on, when nothing else is to be done.
     *
     * @return whether there is something to be done now
     */
    boolean advance() {
        boolean busy = false;
        if (!rolls.isEmpty()) {
            rolls.removeIf(Roll::isOver);
            for (Roll roll : rolls) {
                busy |= roll.advance();
            }
        }
        return busy;
    }

    /**
     * Whom a command means.
     *
     * @param reply is answered if that is nobody
     */
    private List<Entry> meant(List<String> names, boolean up, CompletableFuture<Reply> reply) {
        Set<Entry> entries = new LinkedHashSet<>();
        for (String name : names) {
            List<Entry> matching = table.matching(name);
            if (matching.isEmpty()) {
                answers.add(reply, new Reply.NoSuchProcess(name));
                return List.of();
            }
            for (Entry entry : matching) {
                // Who is skipped is meant only by a command that names it.
                if (!up || !entry.spec.skip() || entry.name().equals(name)) {
                    entries.add(entry);
                }
            }
        }
        if (entries.isEmpty()) {
            answers.add(reply, new Reply.Done(List.of()));
        }
        return List.copyOf(entries);
    }

    private void send(Command.Send command, CompletableFuture<Reply> reply) {
        Set<Entry> entries = new LinkedHashSet<>();
        for (String name : command.names()) {
            List<Entry> matching = table.matching(name);
            if (matching.isEmpty()) {
                answers.add(reply, new Reply.NoSuchProcess(name));
                return;
            }
            entries.addAll(matching);
        }
        Failures failures = new Failures();
        for (Entry entry : entries) {
            if (!floor.signal(entry, command.signal())) {
                failures.add(entry.name(), "it is not running");
            }
        }
        answers.add(
                reply,
                failures.reply()
                        .<Reply>map(failed -> failed)
                        .orElseGet(
                                () -> new Reply.Done(entries.stream().map(floor::view).toList())));
    }
}
