package org.procmon.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.posix.CurrentProcess;
import org.procmon.posix.FileLock;

class StateFolderTest {
    @TempDir Path folder;

    @Test
    void aNewFolderIsTheOwnersAlone() throws IOException {
        Path path = folder.resolve("a/b/state");
        try (StateFolder state = open(path)) {
            assertThat(state.path()).isEqualTo(path);
            assertThat(mode(path)).isEqualTo("rwx------");
            assertThat(Files.readString(path.resolve("lock")))
                    .isEqualTo(ProcessHandle.current().pid() + "\n");
        }
    }

    @Test
    void aFolderThatOthersCouldWriteInIsProtected() throws IOException {
        Path path = Files.createDirectory(folder.resolve("state"));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
        try (StateFolder state = open(path)) {
            state.protect(Optional.empty());
            assertThat(mode(state.path())).isEqualTo("rwx------");
        }
    }

    @Test
    void aGroupMayEnterButNotWrite() throws IOException {
        Path path = folder.resolve("state");
        try (StateFolder state = open(path)) {
            state.protect(Optional.of(group()));
            assertThat(mode(state.path())).isEqualTo("rwxr-x---");
        }
    }

    @Test
    void aLinkIsNotFollowed() throws IOException {
        Path real = Files.createDirectory(folder.resolve("real"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);
        assertThatThrownBy(() -> open(link).close())
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "cannot use the state folder %s: it is a symbolic link; name another with --state-dir or PROCMON_STATE_DIR"
                                .formatted(link));
    }

    @Test
    void refusesADirectoryOfAnotherUser() throws IOException {
        Path path = Files.createDirectory(folder.resolve("state"));
        int uid = CurrentProcess.uid();
        assertThatThrownBy(() -> StateFolder.open(path, uid + 1).close())
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(
                        "cannot use the state folder %s: it belongs to uid %d, not %d; name another"
                                .formatted(path, uid, uid + 1));
    }

    @Test
    void anUnknownGroupIsNamed() throws IOException {
        try (StateFolder state = open(folder.resolve("state"))) {
            assertThatThrownBy(() -> state.protect(Optional.of("no-such-group")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no-such-group");
        }
    }

    @Test
    void inAFolderThatIsGoneOnWithAGroupThatIsGoneIsNoHindrance() throws IOException {
        Path path = folder.resolve("state");
        try (StateFolder state = open(path)) {
            state.protectFurther(Optional.of("no-such-group"));
            assertThat(mode(path)).isEqualTo("rwx------");
            state.protectFurther(Optional.of(group()));
            assertThat(mode(path)).isEqualTo("rwxr-x---");
            state.protectFurther(Optional.of("no-such-group"));
            assertThat(mode(path)).isEqualTo("rwxr-x---");
        }
    }

    @Test
    void aSecondMonitorThatIsRefusedHasChangedNothing() throws IOException {
        Path path = folder.resolve("state");
        try (StateFolder first = open(path)) {
            first.protect(Optional.of(group()));
            String before = mode(path);
            assertThatThrownBy(() -> open(path).close()).isInstanceOf(IOException.class);
            assertThat(mode(path)).isEqualTo(before);
        }
    }

    @Test
    void refusesASecondMonitorAndNamesTheFirst() throws IOException {
        Path path = folder.resolve("state");
        try (StateFolder first = open(path)) {
            assertThatThrownBy(() -> open(first.path()).close())
                    .isInstanceOf(IOException.class)
                    .hasMessage(
                            "another monitor, pid "
                                    + CurrentProcess.pid()
                                    + ", runs on the state folder "
                                    + path);
            assertThatThrownBy(() -> open(first.path()).close()).isInstanceOf(IOException.class);
        }
        open(path).close();
    }

    @Test
    void readsThePidOfTheLockHolder() throws IOException {
        Path path = folder.resolve("state");
        assertThat(StateFolder.lockedBy(path)).isEmpty();
        try (StateFolder state = open(path)) {
            assertThat(StateFolder.lockedBy(state.path())).contains(CurrentProcess.pid());
            // A pid that somebody else has by now is not the one to be ended.
            Files.writeString(path.resolve("lock"), CurrentProcess.parent() + "\n");
            assertThatThrownBy(() -> StateFolder.lockedBy(path))
                    .isInstanceOf(IOException.class)
                    .hasMessage("cannot find out which monitor runs on " + path);
        }
        assertThat(StateFolder.lockedBy(path)).isEmpty();
    }

    @Test
    void aStandbyWaitsUntilThePrimaryHasLetGo() throws Exception {
        Path path = folder.resolve("state");
        CompletableFuture<StateFolder> standby = new CompletableFuture<>();
        try (StateFolder primary = open(path)) {
            Files.writeString(path.resolve("lock"), CurrentProcess.pid() + "\n");
            Thread.ofPlatform()
                    .daemon()
                    .start(() -> completeByAwaiting(standby, primary.path(), CurrentProcess.pid()));
            assertThatThrownBy(() -> open(path).close()).isInstanceOf(IOException.class);
            assertThat(standby).isNotDone();
        }
        try (StateFolder next = standby.get(60, TimeUnit.SECONDS)) {
            assertThat(Files.readString(next.path().resolve("lock")))
                    .isEqualTo(CurrentProcess.pid() + "\n");
        }
    }

    @Test
    void namesTheStandbyToAThirdMonitor() throws IOException {
        Path path = folder.resolve("state");
        try (StateFolder third = open(path)) {
            CompletableFuture<StateFolder> standby = new CompletableFuture<>();
            completeByAwaiting(standby, third.path(), CurrentProcess.parent());
            assertThat(standby)
                    .failsWithin(Duration.ofSeconds(60))
                    .withThrowableThat()
                    .withMessageContaining(
                            "another monitor, pid " + CurrentProcess.pid() + ", runs on");
        }
    }

    @Test
    void aLockOfADeadMonitorIsWaitedFor() throws Exception {
        Path path = folder.resolve("state");
        open(path).close();
        FileLock late = lock(path);
        assertThat(late.tryLock()).isTrue();
        // No process has this number.
        late.write("999999999\n");
        CompletableFuture<StateFolder> next =
                CompletableFuture.supplyAsync(() -> {
                    try {
                        return open(path);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
        late.close();
        next.get(60, TimeUnit.SECONDS).close();
    }

    @Test
    void anInheritedLockIsGoneOnWith() throws IOException {
        Path path = folder.resolve("state");
        open(path).close();
        FileLock left = lock(path);
        left.tryLock();
        try (StateFolder state = inherit(path, left)) {
            assertThatThrownBy(() -> open(state.path()).close()).isInstanceOf(IOException.class);
        }
        FileLock notLocked = lock(path);
        try (StateFolder state = open(path)) {
            assertThatThrownBy(() -> inherit(state.path(), notLocked).close())
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void aFolderThatWasRemovedOrReplacedIsNotInPlaceUntilItIsRestored() throws IOException {
        Path path = folder.resolve("state");
        try (StateFolder state = open(path)) {
            assertThat(state.isInPlace()).isTrue();
            assertThat(state.isLockInPlace()).isTrue();

            Files.delete(path.resolve("lock"));
            assertThat(state.isInPlace()).isTrue();
            assertThat(state.isLockInPlace()).isFalse();

            Files.move(path, folder.resolve("moved"));
            Files.createDirectory(path);
            assertThat(state.isInPlace()).isFalse();

            state.restore(CurrentProcess.uid());
            assertThat(state.isInPlace()).isTrue();
            assertThat(state.isLockInPlace()).isTrue();
            assertThatThrownBy(() -> open(path).close()).hasMessageContaining("another monitor");
        }
        open(path).close();
    }

    private static StateFolder inherit(Path path, FileLock lock) throws IOException {
        int descriptor = lock.descriptor().number();
        return StateFolder.inherit(path, CurrentProcess.uid(), descriptor);
    }

    private static void completeByAwaiting(
            CompletableFuture<StateFolder> future, Path path, int predecessor) {
        try {
            future.complete(StateFolder.await(path, CurrentProcess.uid(), predecessor));
        } catch (IOException e) {
            future.completeExceptionally(e);
        }
    }

    private static FileLock lock(Path path) {
        return ((FileLock.Result.Opened) FileLock.open(path.resolve("lock").toString())).lock();
    }

    private static StateFolder open(Path path) throws IOException {
        return StateFolder.open(path, CurrentProcess.uid());
    }

    private String group() throws IOException {
        return Files.getAttribute(folder, "posix:group").toString();
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(
                Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
    }
}
