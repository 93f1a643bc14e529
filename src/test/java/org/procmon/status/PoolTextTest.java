package org.procmon.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.procmon.config.PoolSpec;
import org.procmon.config.pool.QueueLimits;
import org.procmon.config.pool.RequestLimits;
import org.procmon.control.FakePools;
import org.procmon.control.FakeSupervisor;
import org.procmon.lifecycle.Ticks;
import org.procmon.status.PoolView.Roll;
import org.procmon.status.PoolView.RollState;

class PoolTextTest {
    private static final Ticks NOW = FakeSupervisor.NOW;

    @Test
    void aPoolServesUnlessItIsStoppedOrListensNowhereOrNoWorkerStarts() {
        assertThat(PoolCondition.of(FakePools.crowded())).isEqualTo(PoolCondition.SERVING);
        assertThat(PoolCondition.of(FakePools.asleep("a"))).isEqualTo(PoolCondition.SERVING);
        assertThat(PoolCondition.of(FakePools.stopped("a"))).isEqualTo(PoolCondition.STOPPED);
        assertThat(PoolCondition.of(FakePools.deaf("a"))).isEqualTo(PoolCondition.FAILED);
        assertThat(PoolCondition.of(FakePools.broken("a"))).isEqualTo(PoolCondition.FAILED);
    }

    @Test
    void theCauseNamesWhatKeepsItFromServing() {
        assertThat(PoolText.cause(FakePools.crowded())).isEqualTo("2 of 3 workers are busy");
        assertThat(PoolText.cause(running(1, 2))).isEqualTo("1 of 3 workers is busy");
        assertThat(PoolText.cause(running(3, 0))).isEqualTo("all 3 workers are busy");
        assertThat(PoolText.cause(running(0, 3))).isEqualTo("all 3 workers are idle");
        assertThat(PoolText.cause(running(1, 0))).isEqualTo("its worker is busy");
        assertThat(PoolText.cause(running(0, 1))).isEqualTo("its worker is idle");
        assertThat(PoolText.cause(FakePools.asleep("a")))
                .isEqualTo("no worker runs, since no client needs one");
        assertThat(PoolText.cause(FakePools.stopped("a")))
                .isEqualTo("stopped on request; clients get 503");
        assertThat(PoolText.cause(FakePools.deaf("a")))
                .isEqualTo("does not listen: address in use");
        assertThat(PoolText.cause(FakePools.broken("a")))
                .isEqualTo("no worker starts: a.1 was ended by SIGKILL after 1.0 s");
    }

    @Test
    void aPoolThatListensOnSomeAddressesServesAndNamesTheTrouble() {
        PoolView some = withTrouble(FakePools.crowded(), "port 9001 is in use");
        assertThat(PoolCondition.of(some)).isEqualTo(PoolCondition.SERVING);
        assertThat(PoolText.cause(some))
                .isEqualTo(
                        "2 of 3 workers are busy; does not listen everywhere: port 9001 is in use");
    }

    @Test
    void theReasonsSayWhyThereAreNoMoreWorkers() {
        assertThat(PoolText.reasons(FakePools.crowded(), NOW))
                .containsExactly(
                        "all 3 workers run, as many as 'workers' allows",
                        "clients had to wait 2 times since all workers were busy");
        assertThat(PoolText.reasons(FakePools.asleep("a"), NOW))
                .containsExactly("no worker is started before a client waits");
        assertThat(PoolText.reasons(FakePools.stopped("a"), NOW))
                .containsExactly("no worker is started while the pool is stopped");
        assertThat(PoolText.reasons(FakePools.broken("a"), NOW))
                .containsExactly(
                        "a.1 (failed): was ended by SIGKILL after 1.0 s; nothing by itself;"
                                + " 'procmon start a.1' starts it");
    }

    @Test
    void aWorkerThatWasNeverReadyIsNamedAlsoWhenItIsGone() {
        PoolView asleep = FakePools.asleep("a");
        PoolView view =
                new PoolView(
                        asleep.spec(),
                        false,
                        asleep.since(),
                        asleep.listening(),
                        Optional.empty(),
                        asleep.queue(),
                        0,
                        0,
                        asleep.counters(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(
                                new PoolView.Unready(
                                        "a.1",
                                        NOW.plus(Duration.ofSeconds(12).negated()),
                                        "exited with code 0 after 5 ms")),
                        List.of());
        assertThat(PoolText.cause(view))
                .isEqualTo(
                        "no worker runs; a.1 exited with code 0 after 5 ms, before it was ready for"
                                + " clients");
        assertThat(PoolText.reasons(view, NOW))
                .contains(
                        "a.1 exited with code 0 after 5 ms, before it was ready for clients; that"
                                + " was 12.0 s ago");
    }

    @Test
    void theOutlookNamesTheLimitsThatAreNext() {
        assertThat(PoolText.outlook(FakePools.crowded(), NOW))
                .isEqualTo(
                        "the client that has waited longest gets the first worker that is done;"
                                + " workers that are not needed for 20.0 s are stopped");
        assertThat(PoolText.outlook(limited(FakePools.crowded()), NOW))
                .startsWith(
                        "the client that has waited longest gets the first worker that is done; a"
                                + " client that has waited for 10.0 s gets 503; if more than 200"
                                + " wait, the first gets 503; php.1 is ended in 56.8 s unless its"
                                + " request is done");
        assertThat(PoolText.outlook(FakePools.asleep("a"), NOW))
                .isEqualTo("a worker starts when the next client comes");
        assertThat(PoolText.outlook(FakePools.stopped("a"), NOW))
                .isEqualTo("nothing by itself; 'procmon start a' starts it");
        assertThat(PoolText.outlook(FakePools.deaf("a"), NOW))
                .isEqualTo("it listens again as soon as that is possible");
        assertThat(PoolText.outlook(FakePools.broken("a"), NOW))
                .isEqualTo("a.1: nothing by itself; 'procmon start a.1' starts it");
    }

    @Test
    void itIsSaidThatTheShareIsFullAndWhichPoolsHaveIt() {
        assertThat(PoolText.reasons(FakePools.crowdedOut(), NOW))
                .containsExactly(
                        "the share 'small' is full: of its 3 workers, php has 2, perl has 1");
        assertThat(PoolText.outlook(FakePools.crowdedOut(), NOW))
                .isEqualTo("a worker starts when its share has room");
        assertThat(PoolText.cause(FakePools.crowdedOut())).isEqualTo("no worker runs yet");
    }

    @Test
    void theReasonsSayWhyOldWorkersStay() {
        Roll failed =
                new Roll(
                        RollState.FAILED,
                        FakeSupervisor.before(30),
                        Optional.of("php.1 stays: php.4 exited"));
        assertThat(PoolText.reasons(FakePools.crowded(failed), NOW))
                .contains(
                        "not all workers were replaced 30.0 s ago: php.1 stays: php.4 exited; a"
                                + " reload or 'procmon restart php --rolling' tries again");
        Roll done = new Roll(RollState.DONE, FakeSupervisor.before(30), Optional.empty());
        assertThat(PoolText.reasons(FakePools.crowded(done), NOW))
                .isEqualTo(PoolText.reasons(FakePools.crowded(), NOW));
    }

    private static PoolView withTrouble(PoolView view, String trouble) {
        return copy(view, view.spec(), Optional.of(trouble), view.busy(), view.idle());
    }

    private static PoolView running(int busy, int idle) {
        PoolView view = FakePools.crowded();
        return copy(view, view.spec(), view.trouble(), busy, idle);
    }

    private static PoolView limited(PoolView view) {
        PoolSpec spec = view.spec();
        return copy(
                view,
                new PoolSpec(
                        spec.template(),
                        spec.listen(),
                        spec.mode(),
                        spec.workers(),
                        spec.idleTimeout(),
                        spec.sharing(),
                        new QueueLimits(
                                OptionalInt.of(200),
                                Optional.of(Duration.ofSeconds(10)),
                                Duration.ofSeconds(5)),
                        new RequestLimits(Optional.empty(), Optional.of(Duration.ofSeconds(60))),
                        spec.recycle(),
                        spec.retire(),
                        spec.whenStopped()),
                view.trouble(),
                view.busy(),
                view.idle());
    }

    private static PoolView copy(
            PoolView view, PoolSpec spec, Optional<String> trouble, int busy, int idle) {
        return new PoolView(
                spec,
                view.isStopped(),
                view.since(),
                List.of("/run/php.sock"),
                trouble,
                view.queue(),
                busy,
                idle,
                view.counters(),
                Optional.empty(),
                Optional.empty(),
                view.lastUnready(),
                view.workers());
    }
}
