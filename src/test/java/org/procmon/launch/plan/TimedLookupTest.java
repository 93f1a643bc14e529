package org.procmon.launch.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TimedLookupTest {
    private final CountDownLatch answers = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void anAnswerAndARefusalArrive() throws LaunchRefused {
        TimedLookup<String, Integer> timedLookup = new TimedLookup<>(Duration.ofSeconds(30));
        assertThat(timedLookup.find("web", asked::incrementAndGet)).isEqualTo(1);
        assertThat(timedLookup.find("web", asked::incrementAndGet)).isEqualTo(2);
        assertThatThrownBy(() ->
                        timedLookup.find(
                                "web",
                                () -> {
                                    throw new LaunchRefused("user", "there is no such user");
                                }))
                .hasMessage("there is no such user");
    }

    @Test
    void aHangingLookupTimesOut() {
        TimedLookup<String, Integer> timedLookup = new TimedLookup<>(Duration.ofMillis(50));
        assertThatThrownBy(() -> timedLookup.find("web", this::hang))
                .hasMessageContaining("could not be looked up within 50 ms");
        answers.countDown();
    }

    @Test
    void whileSomethingHangsAllElseIsRefusedUnasked() {
        TimedLookup<String, Integer> timedLookup = new TimedLookup<>(Duration.ofMillis(50));
        assertThatThrownBy(() -> timedLookup.find("web", this::hang))
                .isInstanceOf(LaunchRefused.class);
        assertThatThrownBy(() -> timedLookup.find("mail", asked::incrementAndGet))
                .isInstanceOf(LaunchRefused.class);
        assertThat(asked).hasValue(1);
        answers.countDown();
    }

    @Test
    void aLateResultServesTheNextLookup() throws LaunchRefused {
        TimedLookup<String, Integer> timedLookup = new TimedLookup<>(Duration.ofMillis(50));
        assertThatThrownBy(() -> timedLookup.find("web", this::hang))
                .isInstanceOf(LaunchRefused.class);
        answers.countDown();
        await().ignoreExceptionsInstanceOf(LaunchRefused.class)
                .until(() -> timedLookup.find("web", () -> 77) == 1);
        assertThat(timedLookup.find("web", () -> 77)).isEqualTo(77);
    }

    private int hang() {
        int number = asked.incrementAndGet();
        try {
            answers.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return number;
    }
}
