package org.procmon.launch.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.posix.Errno;

/** Programs as processes in other roots, of other users and in other folders find them. */
class ProgramFinderTest {
    private static final int SOMEBODY = 12345;

    @TempDir Path folder = Path.of("");

    private String far = "/nowhere";
    private final ProgramFinder finder = new ProgramFinder(new PathWalk(path -> path.equals(far)));

    @BeforeEach
    void letOthersIn() throws IOException {
        AsRoot.expected();
        allow(folder, "rwxr-xr-x");
    }

    private static void allow(Path file, String mode) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private Path program(String name, String mode) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n");
        allow(file, mode);
        return file;
    }

    private FileView from(String path) {
        return new FileView(Optional.empty(), Optional.of(folder), path, Optional.empty());
    }

    private FileView as(String path, FileCredentials who) {
        return new FileView(Optional.empty(), Optional.of(folder), path, Optional.of(who));
    }

    private static FileCredentials somebody(Integer... groups) {
        return new FileCredentials("www", SOMEBODY, SOMEBODY, Set.of(groups), false);
    }

    private FileView in(Path root, String path) {
        return new FileView(Optional.of(root), Optional.empty(), path, Optional.empty());
    }

    private void refused(String program, FileView fileView, String reason) {
        assertThatThrownBy(() -> finder.find(program, fileView))
                .isInstanceOf(LaunchRefused.class)
                .hasMessage("cannot execute '" + program + "': " + reason);
    }

    @Test
    void theFirstFolderThatHasItCountsAndRelativeOnesAreOfItsOwnFolder() throws Exception {
        Path first = program("one/tool", "rwxr-xr-x");
        Path second = program("two/tool", "rwxr-xr-x");
        program("zero/tool", "rw-r--r--");
        Path here = program("here", "rwxr-xr-x");
        Files.createDirectories(folder.resolve("none/tool"));
        String all = "/no/such:" + folder + "/none:zero:one:" + folder + "/two";

        assertThat(finder.find("tool", from(all))).contains(first.toString());
        assertThat(finder.find("tool", from(folder + "/two:one"))).contains(second.toString());
        assertThat(finder.find("here", from("/usr/bin:"))).contains(here.toString());
        assertThat(finder.find("./here", from("/usr/bin"))).contains("./here");
        refused("here", from("/usr/bin"), "not found in PATH, which is /usr/bin");
        refused("tool", from("zero"), "Permission denied");
        refused("./one", from(""), "Permission denied");
        refused("here/x", from(""), "Not a directory");
    }

    @Test
    void findsOnlyProgramsTheUserMayExecute() throws Exception {
        Path tool = program("bin/tool", "rwxr-x--x");
        Path ours = program("bin/ours", "rwxr-x---");
        Files.setAttribute(ours, "unix:gid", 4);
        String bin = folder + "/bin";
        assertThat(finder.find("tool", as(bin, somebody()))).contains(tool.toString());
        assertThat(finder.find("ours", as(bin, somebody(4)))).contains(ours.toString());
        refused(
                "ours",
                as(bin, somebody(5)),
                "Permission denied, user 'www' may not execute " + ours);
        Files.setAttribute(ours, "unix:uid", SOMEBODY);
        allow(ours, "---r-x---");
        refused(
                "ours",
                as(bin, somebody(4)),
                "Permission denied, user 'www' may not execute " + ours);

        allow(folder.resolve("bin"), "rwx------");
        refused(
                tool.toString(),
                as("", somebody()),
                "Permission denied, user 'www' may not enter " + bin);
        FileCredentials root = new FileCredentials("root", 0, 0, Set.of(), true);
        assertThat(finder.find("tool", as(bin, root))).contains(tool.toString());
    }

    @Test
    void aRootOfItsOwnIsNotLeftByLinks() throws Exception {
        Path root = Files.createDirectory(folder.resolve("root"));
        program("root/opt/tool-1.2", "rwxr-xr-x");
        program("root/bin/sh", "rwxr-xr-x");
        Files.createDirectories(root.resolve("usr/bin"));
        Files.createSymbolicLink(root.resolve("usr/bin/tool"), Path.of("/opt/current"));
        Files.createSymbolicLink(
                root.resolve("opt/current"), Path.of("../../../../../opt/tool-1.2"));
        Files.createSymbolicLink(root.resolve("usr/bin/out"), Path.of("/usr/bin/env"));
        Files.createSymbolicLink(root.resolve("usr/bin/loop"), Path.of("loop"));

        assertThat(finder.find("tool", in(root, "/bin:/usr/bin"))).contains("/usr/bin/tool");
        refused("out", in(root, "/usr/bin"), "not found in PATH, which is /usr/bin");
        refused("loop", in(root, "/usr/bin"), "Too many levels of symbolic links");
        Files.delete(root.resolve("bin/sh"));
        refused("/opt/tool-1.2", in(root, "/usr/bin"), "its interpreter '/bin/sh' does not exist");
    }

    @Test
    void reportsAFileOfUnknownFormat() throws Exception {
        Path text = program("text", "rwxr-xr-x");
        finder.checkFormat("./text", from(""));
        finder.checkFormat("/bin/true", from(""));
        Files.writeString(text, "echo hello\n");
        // Where the kernel was told of more formats, nobody knows.
        String[] added =
                new File("/proc/sys/fs/binfmt_misc")
                        .list((_, name) -> !name.equals("register") && !name.equals("status"));
        if (added == null || added.length == 0) {
            assertThatThrownBy(() -> finder.checkFormat("./text", from("")))
                    .hasMessage(
                            "cannot execute './text': Exec format error, it is no binary and has"
                                    + " no '#!' line");
        }
    }

    @Test
    void whatAnotherMachineHasIsNotLookedAt() throws Exception {
        Path root = Files.createDirectory(folder.resolve("root"));
        far = root + "/net";
        assertThat(finder.find("/net/tool", in(root, ""))).isEmpty();
        assertThat(finder.find("tool", in(root, "/no:/net/bin:/bin"))).isEmpty();
    }

    @Test
    void onlySomeErrorsLast() {
        for (int lasting : new int[] {1, 2, 7, 8, 13, 20, 21, 36, 40}) {
            assertThat(new Errno(lasting).isLasting()).as("errno %d", lasting).isTrue();
        }
        // EIO, EAGAIN, ENOMEM, ENFILE, EMFILE, ETXTBSY, ENOSPC, ENOTCONN, ETIMEDOUT, ESTALE
        for (int passing : new int[] {5, 11, 12, 23, 24, 26, 28, 107, 110, 116}) {
            assertThat(new Errno(passing).isLasting()).as("errno %d", passing).isFalse();
        }
    }
}
