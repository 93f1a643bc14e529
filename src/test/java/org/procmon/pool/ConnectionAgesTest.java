package org.procmon.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.procmon.lifecycle.Ticks;

class ConnectionAgesTest {
    private final ConnectionAges ages = new ConnectionAges();

    private static Ticks at(int seconds) {
        return new Ticks(0).plus(Duration.ofSeconds(seconds));
    }

    @Test
    void theAgeOfAConnectionCountsFromTheLookThatHasFoundItFirst() {
        ages.seen("php", Set.of(), at(1));
        ages.seen("php", Set.of(7L), at(2));
        ages.seen("php", Set.of(7L, 8L), at(4));
        assertThat(ages.since("php", 7)).contains(at(2));
        assertThat(ages.since("php", 8)).contains(at(4));
        assertThat(ages.since("php", 9)).isEmpty();
    }

    @Test
    void oneThatWasThereAtTheFirstLookHasNoKnownAge() {
        ages.seen("php", Set.of(7L), at(1));
        ages.seen("php", Set.of(7L), at(2));
        assertThat(ages.since("php", 7)).isEmpty();
    }

    @Test
    void oneThatMayHaveComeLongBeforeTheLookHasNoKnownAge() {
        ages.seen("php", Set.of(), at(1));
        ages.seen("php", Set.of(7L), at(7));
        ages.seen("php", Set.of(7L), at(8));
        assertThat(ages.since("php", 7)).isEmpty();
    }

    @Test
    void aKnownAgeStaysKnownHoweverRareTheLooksAre() {
        ages.seen("php", Set.of(), at(1));
        ages.seen("php", Set.of(7L), at(2));
        ages.seen("php", Set.of(7L), at(600));
        assertThat(ages.since("php", 7)).contains(at(2));
    }

    @Test
    void poolsAreApartAndForgotten() {
        ages.seen("php", Set.of(), at(1));
        ages.seen("php", Set.of(7L), at(2));
        ages.seen("app", Set.of(7L), at(2));
        assertThat(ages.since("app", 7)).isEmpty();
        ages.keepOnly(Set.of("app"));
        assertThat(ages.since("php", 7)).isEmpty();
    }

    @Test
    void connectionsBeyondTheLimitAreNotTakenForNewOnesLater() {
        Set<Long> many =
                LongStream.rangeClosed(1, ConnectionAges.MOST + 1)
                        .boxed()
                        .collect(Collectors.toSet());
        ages.seen("php", Set.of(), at(1));
        ages.seen("php", many, at(2));
        long known = many.stream().filter(i -> ages.since("php", i).isPresent()).count();
        assertThat(known).isEqualTo(ConnectionAges.MOST);
        long left =
                many.stream().filter(i -> ages.since("php", i).isEmpty()).findAny().orElseThrow();
        ages.seen("php", Set.of(left), at(3));
        assertThat(ages.since("php", left)).isEmpty();
    }
}
