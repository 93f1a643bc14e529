package org.procmon.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessStatTest {
    @TempDir Path folder = Path.of("");

    private final Kin kin = new Kin();

    @AfterEach
    void end() {
        kin.end();
    }

    @Test
    void aNameMayHoldAnything() {
        ProcessStat stat =
                parse(
                        "42 (a) Z 9 (b\\n) S 1 42 42 0 -1 4194560 1 2 3 4 150 50 7 3 20 0 5 0 8765"
                                + " 18446744073709551615 33 18446744073709551615 0 0 0 0 0 0 0 0 0"
                                + " 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 4711 1792\n");
        assertThat(stat)
                .isEqualTo(
                        new ProcessStat(
                                42, 'S', 1, 42, 42, 4194560, 157, 53, 5, 8765, 33, 4711, 1792));
        assertThat(stat.userTime()).isEqualTo(Duration.ofMillis(1570));
        assertThat(stat.systemTime()).isEqualTo(Duration.ofMillis(530));
    }

    @Test
    void thisProcessIsFound() {
        ProcessStat stat = ProcessStat.of(CurrentProcess.pid()).orElseThrow();
        assertThat(stat.parent()).isEqualTo(CurrentProcess.parent());
        assertThat(stat.born()).isPositive();
        assertThat(stat.threads()).isGreaterThan(1);
        assertThat(stat.residentPages() * CurrentProcess.pageSize()).isGreaterThan(16 << 20);
        assertThat(stat.hasEnded()).isFalse();
        assertThat(stat.exitStatus()).isEmpty();
    }

    @Test
    void readsTheExitOfAZombieAndNothingOfAReapedOne() {
        int pid = kin.child(folder, "exit 7");
        await().until(() -> ProcessStat.of(pid).filter(ProcessStat::hasEnded).isPresent());
        ProcessStat stat = ProcessStat.of(pid).orElseThrow();
        assertThat(stat.exitStatus()).hasValue(7 << 8);
        assertThat(stat.leadsSession()).isTrue();
        assertThat(stat.parent()).isEqualTo(CurrentProcess.pid());
        assertThat(Children.reap(pid)).isPresent();
        assertThat(ProcessStat.of(pid)).isEmpty();
    }

    @Test
    void readsAZeroExitCodeWhereAllowed() {
        int pid = kin.child(folder, "exit 0");
        await().until(() -> ProcessStat.of(pid).filter(ProcessStat::hasEnded).isPresent());
        assertThat(ProcessStat.of(pid).map(ProcessStat::exitStatus).orElseThrow()).hasValue(0);
    }

    @Test
    void aLaterProcessIsBornLater() {
        int first = kin.child(folder, "exec sleep 1000");
        long now = ProcessStat.of(first).orElseThrow().born();
        await().until(() -> ProcessStat.of(kin.child(folder, "exit 0")), s -> born(s) > now);
    }

    @Test
    void aRunningProcessThatLostItsFirstThreadHasNotEnded() {
        ProcessStat stat = parse("42 (x) Z 1 42 42 0 -1 0 0 0 0 0 0 0 0 0 20 0 2 0 8765 0 0\n");
        assertThat(stat.hasEnded()).isFalse();
    }

    private static long born(Optional<ProcessStat> stat) {
        return stat.orElseThrow().born();
    }

    private static ProcessStat parse(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return ProcessStat.parse(42, bytes, bytes.length);
    }
}
