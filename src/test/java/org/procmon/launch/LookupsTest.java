package org.procmon.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LookupsTest {
    private final CountDownLatch answers = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void anAnswerAndARefusalArrive() throws Refusal {
        Lookups<String, Integer> lookups = new Lookups<>(Duration.ofSeconds(30));
        assertThat(lookups.find("web", asked::incrementAndGet)).isEqualTo(1);
        assertThat(lookups.find("web", asked::incrementAndGet)).isEqualTo(2);
        assertThatThrownBy(() ->
                        lookups.find(
                                "web",
                                () -> {
                                    throw new Refusal("user", "there is no such user");
                                }))
                .hasMessage("there is no such user");
    }

    @Test
    void whatHangsHoldsNobodyUpForLong() {
        Lookups<String, Integer> lookups = new Lookups<>(Duration.ofMillis(50));
        assertThatThrownBy(() -> lookups.find("web", this::hang))
                .hasMessageContaining("could not be looked up within 50 ms");
        answers.countDown();
    }

    @Test
    void whileSomethingHangsAllElseIsRefusedUnasked() {
        Lookups<String, Integer> lookups = new Lookups<>(Duration.ofMillis(50));
        assertThatThrownBy(() -> lookups.find("web", this::hang)).isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> lookups.find("mail", asked::incrementAndGet))
                .isInstanceOf(Refusal.class);
        assertThat(asked).hasValue(1);
        answers.countDown();
    }

    @Test
    void aLateAnswerServesWhoAsksTheSameAgain() throws Refusal {
        Lookups<String, Integer> lookups = new Lookups<>(Duration.ofMillis(50));
        assertThatThrownBy(() -> lookups.find("web", this::hang)).isInstanceOf(Refusal.class);
        answers.countDown();
        await().ignoreExceptionsInstanceOf(Refusal.class)
                .until(() -> lookups.find("web", () -> 77) == 1);
        assertThat(lookups.find("web", () -> 77)).isEqualTo(77);
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
