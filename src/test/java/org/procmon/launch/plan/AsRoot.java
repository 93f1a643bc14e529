package org.procmon.launch.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.procmon.posix.CurrentProcess;

/** For tests that change users: without root they fail, rather than being left out unseen. */
final class AsRoot {
    private AsRoot() {}

    static void expected() {
        assertThat(CurrentProcess.uid())
                .as("this test starts programs as other users, so it must be run by root")
                .isZero();
    }
}
