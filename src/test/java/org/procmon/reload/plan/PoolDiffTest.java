package org.procmon.reload.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.config.PoolBuilder.pool;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.procmon.config.PoolBuilder;
import org.procmon.config.PoolSpec;
import org.procmon.config.pool.PoolAddress;
import org.procmon.config.pool.QueueLimits;
import org.procmon.config.pool.RecyclePolicy;
import org.procmon.config.pool.RequestLimits;
import org.procmon.config.pool.RetirePolicy;
import org.procmon.config.pool.WhenStopped;
import org.procmon.reload.plan.ChangePlan.Action;
import org.procmon.reload.plan.ChangePlan.Change;

class PoolDiffTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static List<Change> between(PoolBuilder before, PoolBuilder now) {
        return PoolDiff.between(List.of(before.build()), List.of(now.build()));
    }

    @Test
    void poolsThatAreTheSameDoNotChange() {
        assertThat(between(pool("php"), pool("php"))).isEmpty();
    }

    @Test
    void aNewPoolStartsAndOneThatIsGoneStops() {
        PoolSpec gone = pool("gone").build();
        PoolSpec kept = pool("kept").build();
        PoolSpec added = pool("added").build();
        assertThat(PoolDiff.between(List.of(gone, kept), List.of(kept, added)))
                .containsExactly(
                        new Change("added", Action.START, List.of()),
                        new Change("gone", Action.STOP, List.of()));
    }

    static Stream<Arguments> live() {
        return Stream.of(
                Arguments.of(
                        pool("php").at(new PoolAddress.UnixPath(Path.of("/run/x"), 0600)),
                        "listen"),
                Arguments.of(
                        pool("php").at(new PoolAddress.UnixPath(Path.of("/run/php.sock"), 0666)),
                        "listen"),
                Arguments.of(pool("php").owner("daemon"), "listen_owner"),
                Arguments.of(pool("php").group("daemon"), "listen_group"),
                Arguments.of(pool("php").backlog(7), "backlog"),
                Arguments.of(pool("php").perWorker(), "socket"),
                Arguments.of(pool("php").dynamic(1, 9), "workers"),
                Arguments.of(
                        pool("php")
                                .queue(
                                        new QueueLimits(
                                                OptionalInt.of(3), Optional.empty(), SECOND)),
                        "queue"),
                Arguments.of(
                        pool("php")
                                .request(new RequestLimits(Optional.of(SECOND), Optional.empty())),
                        "request"),
                Arguments.of(
                        pool("php")
                                .recycle(
                                        new RecyclePolicy(
                                                Optional.of(SECOND), OptionalLong.empty(), 0)),
                        "recycle"),
                Arguments.of(
                        pool("php")
                                .retire(
                                        new RetirePolicy(
                                                RetirePolicy.Method.FREEZE,
                                                RetirePolicy.DEFAULT.patience())),
                        "retire"),
                Arguments.of(
                        pool("php").retire(new RetirePolicy(RetirePolicy.Method.AUTO, SECOND)),
                        "patience"),
                Arguments.of(pool("php").whenStopped(WhenStopped.WAIT), "when_stopped"));
    }

    @ParameterizedTest
    @MethodSource("live")
    void aKeyOfThePoolItselfAppliesWithoutARestart(PoolBuilder changed, String key) {
        assertThat(between(pool("php"), changed))
                .containsExactly(new Change("php", Action.LIVE, List.of(key)));
    }

    @Test
    void anotherModeAppliesWithoutARestart() {
        assertThat(between(pool("php"), pool("php").onDemand(8)))
                .containsExactly(new Change("php", Action.LIVE, List.of("mode", "workers")));
    }

    @Test
    void anotherProgramRestartsTheWorkersAndTheOtherKeysAreNamedBeside() {
        assertThat(between(pool("php"), pool("php").program("other").backlog(7)))
                .containsExactly(
                        new Change("php", Action.RESTART, List.of("exec"), List.of("backlog")));
    }
}
