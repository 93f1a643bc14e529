package org.procmon.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.posix.Self;

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
            assertThat(mode(state.path())).isEqualTo("rwx------");
        }
    }

    @Test
    void aGroupMayEnterButNotWrite() throws IOException {
        Path path = folder.resolve("state");
        String group = Files.getAttribute(folder, "posix:group").toString();
        try (StateFolder state = StateFolder.open(path, Self.uid(), Optional.of(group))) {
            assertThat(mode(state.path())).isEqualTo("rwxr-x---");
        }
    }

    @Test
    void aLinkIsNotFollowed() throws IOException {
        Path real = Files.createDirectory(folder.resolve("real"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);
        assertThatThrownBy(() -> open(link).close())
                .isInstanceOf(IOException.class)
                .hasMessage(link + " is not a folder");
    }

    @Test
    void aFolderOfSomebodyElseIsRefused() throws IOException {
        Path path = Files.createDirectory(folder.resolve("state"));
        int uid = Self.uid();
        assertThatThrownBy(() -> StateFolder.open(path, uid + 1, Optional.empty()).close())
                .isInstanceOf(IOException.class)
                .hasMessage("folder " + path + " belongs to uid " + uid + ", not " + (uid + 1));
    }

    @Test
    void anUnknownGroupIsNamed() {
        Path path = folder.resolve("state");
        assertThatThrownBy(() ->
                        StateFolder.open(path, Self.uid(), Optional.of("no-such-group")).close())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no-such-group");
    }

    private static StateFolder open(Path path) throws IOException {
        return StateFolder.open(path, Self.uid(), Optional.empty());
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(
                Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
    }
}
