package org.procmon.posix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CurrentProcessTest {
    @Test
    void hasThePidThatJavaReports() {
        assertThat(CurrentProcess.pid()).isEqualTo((int) ProcessHandle.current().pid());
    }
}
