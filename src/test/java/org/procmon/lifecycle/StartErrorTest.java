package org.procmon.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StartErrorTest {
    @Test
    void aLongReasonLosesItsMiddle() {
        String longest = "x".repeat(StartError.LONGEST_REASON);
        assertThat(new StartError(1, longest).reason()).isEqualTo(longest);

        String reason = "cannot execute '" + "x".repeat(100_000) + "': File name too long";
        String cut = new StartError(36, reason).reason();
        assertThat(cut)
                .hasSize(StartError.LONGEST_REASON)
                .startsWith("cannot execute 'xxx")
                .contains("xxx ... xxx")
                .endsWith("xxx': File name too long");
        assertThat(new StartError(36, cut).reason()).isEqualTo(cut);
    }
}
