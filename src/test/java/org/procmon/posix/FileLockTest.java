package org.procmon.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLockTest {
    @TempDir Path folder = Path.of("");

    @Test
    void oneAtATimeHasIt() {
        try (FileLock second = open()) {
            try (FileLock first = open()) {
                assertThat(first.tryLock()).isTrue();
                assertThat(first.tryLock()).isTrue();
                assertThat(second.tryLock()).isFalse();
            }
            assertThat(second.tryLock()).isTrue();
        }
    }

    @Test
    @SuppressWarnings("try") // it is closed twice on purpose
    void closingTwiceLetsNothingElseGo() {
        FileLock first = open();
        first.tryLock();
        first.close();
        try (FileLock second = open()) {
            // It has the number that the first one had.
            assertThat(second.descriptor()).isEqualTo(first.descriptor());
            assertThat(second.tryLock()).isTrue();
            first.close();
            try (FileLock third = open()) {
                assertThat(third.tryLock()).isFalse();
            }
        }
    }

    @Test
    void aWaiterGetsTheReleasedLock() throws InterruptedException {
        try (FileLock second = open()) {
            Thread waiting;
            try (FileLock first = open()) {
                first.tryLock();
                waiting = Thread.ofPlatform().start(second::lock);
            }
            assertThat(waiting.join(Duration.ofSeconds(60))).isTrue();
            assertThat(second.tryLock()).isTrue();
        }
    }

    @Test
    void theTextIsReplacedAndReadByAll() {
        try (FileLock first = open();
                FileLock second = open()) {
            first.write("1234567\n");
            first.write("89\n");
            assertThat(second.text()).isEqualTo("89\n");
        }
    }

    @Test
    void aLinkIsNotFollowed() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("target"));
        assertThat(FileLock.open(link.toString())).isInstanceOf(FileLock.Result.NotOpened.class);
        assertThat(folder.resolve("target")).doesNotExist();
    }

    private FileLock open() {
        return ((FileLock.Result.Opened) FileLock.open(folder.resolve("lock").toString())).lock();
    }
}
