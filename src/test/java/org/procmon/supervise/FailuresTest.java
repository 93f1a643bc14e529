package org.procmon.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.procmon.supervise.port.Reply;

/** The one answer for all processes for which a command failed. */
class FailuresTest {
    private final Failures failures = new Failures();

    @Test
    void oneProcessHasItsReasonAlone() {
        assertThat(failures.reply()).isEmpty();
        failures.add("web", "no");
        assertThat(failures.reply()).contains(new Reply.Failed("web", "no"));
    }

    @Test
    void anAnswerIsNeverLong() {
        for (int i = 1; i <= 40; i++) {
            failures.add("same" + i, "the same");
        }
        for (int i = 1; i <= 40; i++) {
            failures.add("p" + i, "reason " + i);
        }
        assertThat(failures.reply().orElseThrow().reason())
                .startsWith("same1, same2, ")
                .contains("same10 and 30 more: the same; p1: reason 1; ")
                .endsWith(
                        "p9: reason 9; also p10, p11, p12, p13, p14, p15, p16, p17, p18, p19 and 21"
                                + " more");
    }
}
