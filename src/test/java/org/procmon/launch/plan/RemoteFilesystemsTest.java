package org.procmon.launch.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.posix.MountTable.Mount;

class RemoteFilesystemsTest {
    private static final Mount ROOT = new Mount("/", "ext4");

    @TempDir Path folder = Path.of("");

    private List<Mount> mounts = List.of(ROOT);
    private final RemoteFilesystems files = with("/usr/bin:/bin");

    private RemoteFilesystems with(String searchPath) {
        return new RemoteFilesystems(() -> mounts, searchPath);
    }

    @BeforeEach
    void mount() throws IOException {
        mount("nfs4");
    }

    private void mount(String type) throws IOException {
        folder = folder.toRealPath();
        mounts = List.of(ROOT, new Mount(folder + "/far", type));
    }

    private boolean mayHang(String program) {
        return files.mayHang(program, Optional.empty());
    }

    @Test
    void whatLiesBelowIsFarAndWhatLiesBesideIsNot() {
        assertThat(mayHang(folder + "/far/a/b")).isTrue();
        assertThat(mayHang(folder + "/far")).isTrue();
        assertThat(mayHang(folder + "/farther/a")).isFalse();
        assertThat(mayHang(folder + "/x/../far/a")).isTrue();
        assertThat(mayHang("/../.." + folder + "/far/a")).isTrue();
        assertThat(mayHang("/bin/sh")).isFalse();
        assertThat(mayHang("sh")).isFalse();
    }

    @Test
    void linksAreFollowed() throws IOException {
        Files.createSymbolicLink(folder.resolve("one"), Path.of("two"));
        Files.createSymbolicLink(folder.resolve("two"), folder.resolve("./far"));
        Files.createSymbolicLink(folder.resolve("round"), Path.of("round"));
        Files.createDirectory(folder.resolve("near"));
        Files.createSymbolicLink(folder.resolve("near/up"), Path.of("../far/x"));
        assertThat(mayHang(folder + "/one/a")).isTrue();
        assertThat(mayHang(folder + "/near/up")).isTrue();
        assertThat(mayHang(folder + "/round/a")).isFalse();
        assertThat(mayHang(folder + "/near/a")).isFalse();
    }

    @Test
    void aRelativeProgramIsOneOfItsFolder() {
        assertThat(files.mayHang("./far/a", Optional.of(folder))).isTrue();
        assertThat(files.mayHang("./near/a", Optional.of(folder))).isFalse();
        assertThat(files.mayHang("/bin/sh", Optional.of(folder.resolve("far")))).isTrue();
        assertThat(files.mayHang("/bin/sh", Optional.of(folder))).isFalse();
    }

    @Test
    void checksDirectoriesUpToTheProgram() throws IOException {
        Path near = Files.createDirectory(folder.resolve("near"));
        Path file = Files.createFile(near.resolve("program"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        Optional<Path> none = Optional.empty();
        String far = folder + "/far";
        assertThat(with(near + ":" + far).mayHang("program", none)).isFalse();
        assertThat(with(near + ":" + far).mayHang("other", none)).isTrue();
        assertThat(with(far + ":" + near).mayHang("program", none)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nfs", "nfs4", "cifs", "smb3", "fuse", "fuse.sshfs", "ceph", "autofs"})
    void theseAreAnsweredForByOthers(String type) throws IOException {
        mount(type);
        assertThat(mayHang(folder + "/far/a")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "tmpfs", "overlay", "fuseblk", "btrfs", "proc"})
    void theseAreAnsweredForByTheKernel(String type) throws IOException {
        mount(type);
        assertThat(mayHang(folder + "/far/a")).isFalse();
    }

    @Test
    void theLatestMountCounts() {
        mounts =
                List.of(ROOT, new Mount(folder + "/far", "nfs"), new Mount(folder + "/far", "xfs"));
        assertThat(mayHang(folder + "/far/a")).isFalse();
        mounts =
                List.of(ROOT, new Mount(folder + "/far", "xfs"), new Mount(folder + "/far", "nfs"));
        assertThat(mayHang(folder + "/far/a")).isTrue();
    }

    /** The tools lie there too. */
    @Test
    void ifAllIsFarNothingIs() {
        mounts = List.of(new Mount("/", "nfs"));
        assertThat(mayHang("/bin/sh")).isFalse();
    }

    /** Every systemd keeps an autofs there. */
    @ParameterizedTest
    @ValueSource(strings = {"/proc/sys/fs/binfmt_misc", "/sys/fs/fuse/connections", "/dev/mqueue"})
    void whatBelongsToTheKernelIsNotLookedAt(String point) {
        mounts = List.of(ROOT, new Mount(point, "autofs"));
        assertThat(mayHang(point + "/a")).isFalse();
    }

    @Test
    void aPlaceThatIsNoPathHereIsNoHindrance() {
        mounts = List.of(ROOT, new Mount("/no\0path", "nfs"), new Mount(folder + "/far", "nfs"));
        assertThat(mayHang(folder + "/far/a")).isTrue();
        assertThat(mayHang("/no\0path/a")).isFalse();
    }
}
