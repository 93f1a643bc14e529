package org.procmon.supervise;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.procmon.config.Instance;
import org.procmon.config.PoolSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.lifecycle.Event;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.Phase;
import org.procmon.lifecycle.StopReason;
import org.procmon.supervise.feature.Change;
import org.procmon.supervise.feature.Feature;
import org.procmon.supervise.port.Reply;
import org.procmon.supervise.port.Ticker;

/**
 * What commands do to pools. A pool that an operator has stopped has no workers; the pools
 * themselves start and retire workers by commands of their own. Loop thread only.
 */
final class PoolCommands {
    private final PoolRegistry pools;
    private final ProcessRegistry processRegistry;
    private final JournalWriter journalWriter;
    private final Feature features;
    private final Ticker ticker;
    private final BiConsumer<SupervisedProcess, Event> post;

    /**
     * @param post queues an event for a process
     */
    PoolCommands(
            PoolRegistry pools,
            ProcessRegistry processRegistry,
            JournalWriter journalWriter,
            Feature features,
            Ticker ticker,
            BiConsumer<SupervisedProcess, Event> post) {
        this.pools = pools;
        this.processRegistry = processRegistry;
        this.journalWriter = journalWriter;
        this.features = features;
        this.ticker = ticker;
        this.post = post;
    }

    /** Whether a name or a pattern given by a user means a pool, which may have no worker. */
    boolean isMeant(String name) {
        return !pools.matching(name).isEmpty();
    }

    /** The name of a pool among these names; empty if there is none. */
    Optional<String> named(List<String> names) {
        return names.stream().filter(name -> pools.find(name).isPresent()).findFirst();
    }

    /** Marks the pools that these names mean as stopped. */
    void stop(List<String> names) {
        names.forEach(name -> pools.matching(name).forEach(pool -> mark(pool, false)));
    }

    /** Marks the pools that these names mean as started, and adds the workers that they need. */
    void start(List<String> names) {
        for (String name : names) {
            for (PoolSpec pool : pools.matching(name)) {
                mark(pool, true);
                addMissing(pool);
            }
        }
    }

    /** Those that a pool always has, whatever their numbers are since its last roll. */
    private void addMissing(PoolSpec pool) {
        int missing = pool.workers().min() - (int) wanted(pool).count();
        for (int number = 1; missing > 0; number++) {
            String name = pool.worker(number).id();
            if (wanted(pool).noneMatch(one -> one.name().equals(name))) {
                add(pool.worker(number));
                missing--;
            }
        }
    }

    /** The workers of a pool that are not on their way out. */
    private Stream<SupervisedProcess> wanted(PoolSpec pool) {
        return processRegistry.all().stream()
                .filter(one -> one.kind == SupervisedProcess.Kind.WORKER)
                .filter(one -> one.process.goal() != Goal.FORGOTTEN)
                .filter(one -> isOf(pool.id(), one));
    }

    private static boolean isOf(String pool, SupervisedProcess worker) {
        return worker.spec.instance().filter(one -> one.group().equals(pool)).isPresent();
    }

    private void mark(PoolSpec pool, boolean isUp) {
        if (pools.mark(pool, isUp)) {
            if (isUp) {
                journalWriter.drop(pool.id());
            } else {
                journalWriter.poolStopped(pool, ticker.now());
            }
            features.on(new Change.PoolCommanded(pool.id(), isUp));
        }
    }

    /** Why the pool among these names cannot be rolled; empty if it can. */
    Optional<Reply> refusedRoll(List<String> names) {
        String pool = named(names).orElseThrow();
        if (names.size() > 1) {
            return Optional.of(
                    new Reply.Failed(pool, "a pool is restarted by a command of its own"));
        }
        return pools.stopped().contains(pool)
                ? Optional.of(new Reply.Failed(pool, "it is stopped; start it instead"))
                : Optional.empty();
    }

    boolean hasRunningWorker(String pool) {
        return processRegistry.all().stream()
                .filter(one -> one.kind == SupervisedProcess.Kind.WORKER)
                .filter(one -> one.process.state().phase() == Phase.RUNNING)
                .anyMatch(one -> isOf(pool, one));
    }

    /**
     * Replaces the workers of a pool.
     *
     * @param reply completed later by the pool
     */
    void roll(String pool, CompletableFuture<Reply> reply) {
        features.on(new Change.PoolRollAsked(pool, reply));
    }

    /** The event by which a command stops a process: a worker goes with its pool. */
    Event stopping(SupervisedProcess process) {
        boolean isOfStoppedPool =
                process.kind == SupervisedProcess.Kind.WORKER
                        && process.spec
                                .instance()
                                .map(Instance::group)
                                .filter(pools.stopped()::contains)
                                .isPresent();
        return isOfStoppedPool
                ? new Event.Delete(StopReason.RETIRED)
                : new Event.Stop(StopReason.OPERATOR);
    }

    /** A pool starts a worker, unless it was stopped or removed meanwhile. */
    void startWorker(ProcessSpec worker) {
        if (pools.wants(worker)) {
            post.accept(add(worker), new Event.Start());
        }
    }

    private SupervisedProcess add(ProcessSpec worker) {
        Optional<SupervisedProcess> present = processRegistry.process(worker.id());
        if (present.isPresent()) {
            if (!present.get().isAlive()) {
                present.get().spec = worker;
            }
            return present.get();
        }
        SupervisedProcess added =
                new SupervisedProcess(
                        worker,
                        SupervisedProcess.Kind.WORKER,
                        Restorer.unstarted(worker, ticker.now()));
        processRegistry.addWorker(added);
        return added;
    }

    /** A pool stops and removes a worker. */
    void retireWorker(String name, boolean atOnce) {
        Optional<SupervisedProcess> worker =
                processRegistry
                        .process(name)
                        .filter(process -> process.kind == SupervisedProcess.Kind.WORKER);
        if (worker.isPresent()) {
            post.accept(worker.get(), new Event.Delete(StopReason.RETIRED));
            if (atOnce) {
                post.accept(worker.get(), new Event.ForceKill());
            }
        }
    }

    /** Follows another configuration. */
    void become(List<PoolSpec> others) {
        Set<String> gone = pools.become(others);
        gone.forEach(journalWriter::drop);
    }

    /** The names of the pools that an operator has stopped. */
    Set<String> stopped() {
        return pools.stopped();
    }

    /** All pools, in the order of the configuration. */
    List<PoolSpec> pools() {
        return pools.all();
    }
}
