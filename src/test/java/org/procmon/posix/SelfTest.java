package org.procmon.posix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SelfTest {
    @Test
    void itIsTheProcessThatJavaKnows() {
        assertThat(Self.pid()).isEqualTo((int) ProcessHandle.current().pid());
    }
}
