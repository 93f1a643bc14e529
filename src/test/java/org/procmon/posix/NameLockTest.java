package org.procmon.posix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NameLockTest {
    private final String name = "procmon-test-" + System.nanoTime();

    @Test
    void aNameIsTakenOnceUntilItIsGivenBack() {
        NameLock first = NameLock.tryLock(name).orElseThrow();

        assertThat(NameLock.tryLock(name)).isEmpty();
        assertThat(NameLock.holder(name)).contains(CurrentProcess.pid());

        first.close();
        assertThat(NameLock.holder(name)).isEmpty();
        NameLock.tryLock(name).orElseThrow().close();
    }
}
