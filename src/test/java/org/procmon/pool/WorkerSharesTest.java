package org.procmon.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.procmon.config.PoolBuilder;
import org.procmon.config.PoolSpec;
import org.procmon.config.pool.WorkerShare;
import org.procmon.lifecycle.Ticks;
import org.procmon.pool.plan.PoolEvent;
import org.procmon.status.PoolView.Share;

class WorkerSharesTest {
    private static final WorkerShare SHARE = new WorkerShare("small", 2);

    private final RecordingTools tools = new RecordingTools();
    private final List<RunningPool> pools = new ArrayList<>();
    private Ticks now = WorkerViews.SINCE;
    private final WorkerShares shares = new WorkerShares(pools, tools, () -> now);

    private final RunningPool shop = pool("shop");
    private final RunningPool blog = pool("blog");

    WorkerSharesTest() {
        tools.shares = shares;
        shop.take(new PoolEvent.OperatorStarted());
        blog.take(new PoolEvent.OperatorStarted());
    }

    private RunningPool pool(String id) {
        PoolSpec spec = PoolBuilder.pool(id).onDemand(8).build().of(SHARE);
        RunningPool pool = new RunningPool(spec, tools, () -> now);
        pools.add(pool);
        return pool;
    }

    private void clientsWait(RunningPool pool, int count) {
        tools.clientsWait(count);
        pool.take(new PoolEvent.ListenerReadable());
        tools.clientsWait(0);
    }

    private void pass(RunningPool pool, int millis) {
        now = now.plus(Duration.ofMillis(millis));
        pool.take(new PoolEvent.TimePassed());
    }

    private void isRunning(RunningPool pool, int number) {
        pool.workerChanged(WorkerViews.running(pool.spec(), number, 4710 + number), number);
    }

    @Test
    void poolsHaveNoMoreWorkersTogetherThanTheirShare() {
        clientsWait(shop, 5);
        assertThat(tools.done()).contains("start shop.1", "start shop.2", "ShareFull");
        clientsWait(blog, 5);
        assertThat(tools.done()).contains("ShareFull").noneMatch(c -> c.startsWith("start"));
        assertThat(shares.view(shop.spec()))
                .contains(new Share("small", 2, Map.of("shop", 2)))
                .hasValueSatisfying(view -> assertThat(view.isFull()).isTrue());
    }

    @Test
    void anIdleWorkerMakesRoomForAPoolThatHasNone() {
        clientsWait(shop, 2);
        isRunning(shop, 1);
        isRunning(shop, 2);
        pass(shop, 4);
        tools.done();

        clientsWait(blog, 1);
        assertThat(tools.done())
                .contains("retire shop.2 IDLE")
                .noneMatch(c -> c.startsWith("start"));

        tools.clientsWait(1);
        pass(blog, 4);
        assertThat(tools.done()).contains("start blog.1").noneMatch(c -> c.startsWith("retire"));
    }

    @Test
    void busyWorkersStay() {
        clientsWait(shop, 2);
        isRunning(shop, 1);
        isRunning(shop, 2);
        pass(shop, 4);
        tools.accepted = Set.of(1L, 2L);
        tools.done();
        clientsWait(blog, 1);
        assertThat(tools.done()).noneMatch(c -> c.startsWith("retire") || c.startsWith("start"));
    }

    @Test
    void aPoolWithoutAShareIsNotLimited() {
        RunningPool free =
                new RunningPool(PoolBuilder.pool("free").onDemand(8).build(), tools, () -> now);
        pools.add(free);
        free.take(new PoolEvent.OperatorStarted());
        clientsWait(shop, 5);
        tools.done();
        clientsWait(free, 5);
        assertThat(tools.done()).contains("start free.5");
        assertThat(shares.view(free.spec())).isEmpty();
    }

    @Test
    void aPoolThatGetsRoomStartsItsLeast() {
        clientsWait(shop, 5);
        isRunning(shop, 1);
        isRunning(shop, 2);
        PoolSpec two = PoolBuilder.pool("blog").dynamic(1, 8).build().of(SHARE);
        blog.reconfigure(two);
        assertThat(tools.done()).noneMatch(c -> c.startsWith("start blog"));

        shop.workerChanged(WorkerViews.gone(shop.spec(), 1), 1);

        assertThat(tools.done()).contains("start blog.1");
    }
}
