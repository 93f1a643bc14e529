package org.procmon.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class SelfTest {
    @Test
    void itIsTheProcessThatJavaKnows() {
        assertThat(Self.pid()).isEqualTo((int) ProcessHandle.current().pid());
    }

    @Test
    void aThreadLetsOthersGoFirstAndNoOtherThreadDoes() throws Exception {
        int before = Self.niceness();
        int nicer = Math.min(19, before + 3);
        FutureTask<Integer> task =
                new FutureTask<>(() -> {
                    Self.letOthersGoFirst(nicer);
                    return Self.niceness();
                });
        Thread.ofPlatform().start(task);
        assertThat(task.get()).isEqualTo(nicer);
        assertThat(Self.niceness()).isEqualTo(before);
    }
}
