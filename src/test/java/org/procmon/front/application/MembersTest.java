package org.procmon.front.application;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.junit.jupiter.api.Test;
import org.procmon.front.config.FrontRoute.Balance;

/** Which member gets a request. */
class MembersTest {
    private static final List<String> ADDRESSES = List.of("10.0.0.1:1", "10.0.0.2:2", "[::1]:3");

    private static Members members(Balance balance) {
        return Members.of(ADDRESSES, balance, new ScheduledExecutorScheduler());
    }

    private static Members.Member choose(Members members, String client, String path) {
        return members.choose(client, path, List.of()).orElseThrow();
    }

    @Test
    void theLeastBusyOneIsChosen() {
        Members members = members(Balance.LEAST_CONNECTION);
        Members.Member first = choose(members, "a", "/");
        first.begin();
        Members.Member second = choose(members, "a", "/");
        second.begin();
        Members.Member third = choose(members, "a", "/");

        assertThat(List.of(first, second, third)).doesNotHaveDuplicates();
        third.begin();
        second.end();
        assertThat(choose(members, "a", "/")).isSameAs(second);
    }

    @Test
    void eachHasItsTurn() {
        Members members = members(Balance.ROUND_ROBIN);
        List<Members.Member> turns = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            turns.add(choose(members, "a", "/"));
        }
        assertThat(turns.subList(0, 3)).doesNotHaveDuplicates();
        assertThat(turns.subList(3, 6)).isEqualTo(turns.subList(0, 3));
    }

    @Test
    void hashIsByThePathAndStickyByTheClient() {
        Members hash = members(Balance.HASH);
        Members sticky = members(Balance.STICKY);
        Map<Members.Member, Integer> paths = new HashMap<>();
        Map<Members.Member, Integer> clients = new HashMap<>();
        for (int i = 0; i < 300; i++) {
            assertThat(choose(hash, "a" + i, "/same")).isSameAs(choose(hash, "b", "/same"));
            assertThat(choose(sticky, "same", "/" + i)).isSameAs(choose(sticky, "same", "/"));
            paths.merge(choose(hash, "a", "/" + i), 1, Integer::sum);
            clients.merge(choose(sticky, "10.1.0." + i, "/"), 1, Integer::sum);
        }
        assertThat(paths.values()).hasSize(3).allMatch(count -> count > 50);
        assertThat(clients.values()).hasSize(3).allMatch(count -> count > 50);
    }

    @Test
    void onlyWhatADeadOneHadMoves() {
        Members members = members(Balance.HASH);
        Members.Member dead = choose(members, "a", "/0");
        for (int i = 0; i < 100; i++) {
            Members.Member before = choose(members, "a", "/" + i);
            Members.Member now = members.choose("a", "/" + i, List.of(dead)).orElseThrow();
            assertThat(now).isNotSameAs(dead);
            if (!before.equals(dead)) {
                assertThat(now).isSameAs(before);
            }
        }
    }

    @Test
    void noneIsLeftWhenAllHaveFailed() {
        Members members = members(Balance.LEAST_CONNECTION);
        List<Members.Member> failed = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            failed.add(members.choose("a", "/", failed).orElseThrow());
        }
        assertThat(failed).doesNotHaveDuplicates();
        assertThat(members.choose("a", "/", failed)).isEmpty();
    }
}
