package org.procmon.control;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.procmon.config.PoolBuilder;
import org.procmon.config.PoolSpec;
import org.procmon.status.PoolView;
import org.procmon.status.PoolView.Activity;
import org.procmon.status.PoolView.Counters;
import org.procmon.status.PoolView.Queue;
import org.procmon.status.PoolView.Roll;
import org.procmon.status.PoolView.Share;
import org.procmon.status.PoolView.Work;
import org.procmon.status.PoolView.Worker;
import org.procmon.status.ProcessView;
import org.procmon.supervise.port.PoolSource;

/** Pools that are as a test says, at {@link FakeSupervisor#NOW}. */
public final class FakePools implements PoolSource {
    private static final PoolSpec PHP =
            PoolBuilder.pool("php").program("php-cgi").dynamic(1, 3).build();
    private static final long MEBIBYTE = 1 << 20;

    /** What is asked for is in it if it is one of these. */
    public volatile List<PoolView> views = List.of();

    /** Whether no answer ever comes. */
    public volatile boolean hangs;

    /** How many questions came. */
    public final AtomicInteger asked = new AtomicInteger();

    @Override
    public CompletableFuture<List<PoolView>> pools(Set<String> names) {
        asked.incrementAndGet();
        return hangs
                ? new CompletableFuture<>()
                : CompletableFuture.completedFuture(
                        views.stream()
                                .filter(v -> names.isEmpty() || names.contains(v.name()))
                                .toList());
    }

    /** All three workers run, two of them are busy, and four clients wait. */
    public static PoolView crowded() {
        return crowded(Optional.empty());
    }

    /** The same, after or during a replacement of all workers. */
    public static PoolView crowded(Roll roll) {
        return crowded(Optional.of(roll));
    }

    private static PoolView crowded(Optional<Roll> lastRoll) {
        return new PoolView(
                PHP,
                false,
                FakeSupervisor.before(65),
                List.of("/run/php.sock"),
                Optional.empty(),
                new Queue(4, Optional.of(Duration.ofMillis(1_250)), 511),
                2,
                1,
                new Counters(5, 1, 1, 2, 0, 0, 3, 6),
                Optional.empty(),
                lastRoll,
                Optional.empty(),
                List.of(
                        worker(PHP, 1, busy()),
                        worker(PHP, 2, kept()),
                        worker(PHP, 3, unknownTime())));
    }

    /** No worker runs, and two clients wait, since others have all workers of its share. */
    public static PoolView crowdedOut() {
        PoolSpec spec = PoolBuilder.pool("app").program("app").onDemand(4).build();
        Map<String, Integer> used = new LinkedHashMap<>();
        used.put("php", 2);
        used.put("perl", 1);
        return new PoolView(
                spec,
                false,
                FakeSupervisor.before(65),
                List.of("@app"),
                Optional.empty(),
                new Queue(2, Optional.empty(), 511),
                0,
                0,
                new Counters(0, 0, 0, 0, 0, 0, 0, 0),
                Optional.of(new Share("small", 3, used)),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    private static Activity busy() {
        return new Activity(
                Work.BUSY,
                1,
                Optional.of(Duration.ofMillis(3_200)),
                Optional.of("read"),
                Optional.of("unix_stream_read_generic"),
                Optional.of(Duration.ofMillis(410)),
                23 * MEBIBYTE);
    }

    private static Activity kept() {
        return new Activity(
                Work.KEPT,
                1,
                Optional.empty(),
                Optional.of("read"),
                Optional.empty(),
                Optional.empty(),
                21 * MEBIBYTE);
    }

    private static Activity unknownTime() {
        return new Activity(
                Work.BUSY,
                1,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                22 * MEBIBYTE);
    }

    /** On demand, and no client has come. */
    public static PoolView asleep(String name) {
        PoolSpec spec = PoolBuilder.pool(name).program("app").onDemand(4).build();
        return view(spec, false, List.of("@" + name), Optional.empty(), List.of());
    }

    public static PoolView stopped(String name) {
        PoolSpec spec = PoolBuilder.pool(name).program("app").onDemand(4).build();
        return view(spec, true, List.of("@" + name), Optional.empty(), List.of());
    }

    /** Another program has its address. */
    public static PoolView deaf(String name) {
        PoolSpec spec = PoolBuilder.pool(name).program("app").onDemand(4).build();
        return view(spec, false, List.of(), Optional.of("address in use"), List.of());
    }

    /** Its only worker was killed. */
    public static PoolView broken(String name) {
        PoolSpec spec = PoolBuilder.pool(name).program("app").fixed(1).build();
        ProcessView process =
                new ProcessView(
                        spec.worker(1), FakeSupervisor.killed("x", "x").process(), List.of());
        return view(
                spec,
                false,
                List.of("@" + name),
                Optional.empty(),
                List.of(new Worker(process, "@" + name, Optional.empty())));
    }

    private static PoolView view(
            PoolSpec spec,
            boolean isStopped,
            List<String> listening,
            Optional<String> trouble,
            List<Worker> workers) {
        return new PoolView(
                spec,
                isStopped,
                FakeSupervisor.before(65),
                listening,
                trouble,
                new Queue(0, Optional.empty(), 511),
                0,
                0,
                new Counters(0, 0, 0, 0, 0, 0, 0, 0),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                workers);
    }

    private static Worker worker(PoolSpec spec, int number, Activity activity) {
        return new Worker(
                process(spec, number), "/run/" + spec.id() + ".sock", Optional.of(activity));
    }

    private static ProcessView process(PoolSpec spec, int number) {
        return new ProcessView(
                spec.worker(number),
                FakeSupervisor.running("x", 4000 + number, "x").process(),
                List.of());
    }

    /** The workers of a pool, as the processes that they are. */
    public static List<ProcessView> processes(PoolView view) {
        List<ProcessView> processes = new ArrayList<>();
        view.workers().forEach(worker -> processes.add(worker.process()));
        return processes;
    }
}
