package org.procmon.follow;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.procmon.bytes.BytePath;
import org.procmon.bytes.ByteText;
import org.procmon.config.FollowedFolder;

/** Real files: which changes count, and that each of them counts once. */
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
class FolderFollowerTest {
    @TempDir Path top = Path.of("");

    private Path folder = Path.of("");
    private final FollowedFolders follower = new FollowedFolders();

    @BeforeEach
    void make() throws IOException {
        folder = Files.createDirectory(top.resolve("conf.d"));
    }

    @AfterEach
    void stop() {
        follower.close();
    }

    private FollowedFolder followed(String pattern, Path... targets) {
        return new FollowedFolder(
                folder, pattern, false, false, FollowedFolders.QUIET, Set.of(targets));
    }

    private FollowedFolder tree(String pattern) {
        return new FollowedFolder(folder, pattern, true, false, FollowedFolders.QUIET, Set.of());
    }

    private FollowedFolder sites() {
        return new FollowedFolder(folder, "*", false, true, FollowedFolders.QUIET, Set.of());
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    @Test
    void aFileThatIsCreatedWrittenRenamedOrDeletedIsFollowedOnce() throws Exception {
        follower.begin(followed("*.fcgi"));
        Path file = write("app.fcgi", "one");
        follower.assertFollowedOnce();
        write("app.fcgi", "two");
        follower.assertFollowedOnce();
        Files.move(file, folder.resolve("other.fcgi"));
        follower.assertFollowedOnce();
        Files.move(folder.resolve("other.fcgi"), folder.resolve("other.off"));
        follower.assertFollowedOnce();
        Files.move(folder.resolve("other.off"), file);
        follower.assertFollowedOnce();
        Files.delete(file);
        follower.assertFollowedOnce();
    }

    @Test
    void anotherModeIsAChange() throws Exception {
        Path file = write("app.fcgi", "one");
        follower.begin(followed("*.fcgi"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        follower.assertFollowedOnce();
    }

    @Test
    void whatIsNoEntryIsNoChange() throws Exception {
        follower.begin(followed("*.fcgi"));
        write(".app.fcgi", "hidden");
        write("notes.txt", "other");
        Path below = Files.createDirectory(folder.resolve("below"));
        Files.writeString(below.resolve("app.fcgi"), "not recursive");
        Files.writeString(top.resolve("app.fcgi"), "beside it");
        follower.assertNotFollowed();
        write("app.fcgi", "an entry");
        follower.assertFollowedOnce();
    }

    @Test
    void aSocketIsNoChange() throws Exception {
        follower.begin(followed("*"));
        Path socket = folder.resolve("app.sock");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            follower.assertNotFollowed();
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw----"));
            follower.assertNotFollowed();
        }
        Files.delete(socket);
        follower.assertNotFollowed();
    }

    @Test
    void aFileThatIsBeingCopiedIsFollowedOnceItIsClosed() throws Exception {
        follower.begin(followed("*"));
        try (OutputStream half = Files.newOutputStream(folder.resolve("app"))) {
            follower.assertNotFollowed();
            half.write(1);
            follower.assertNotFollowed();
            half.write(2);
            follower.assertNotFollowed();
        }
        follower.assertFollowedOnce();
    }

    @Test
    void aFileThatIsWrittenByAnotherOfItsNamesIsFollowedOnceItIsClosed() throws Exception {
        follower.begin(followed("*"));
        Path other = top.resolve("other");
        try (OutputStream half = Files.newOutputStream(other)) {
            Files.createLink(folder.resolve("app"), other);
            follower.assertNotFollowed();
            half.write(1);
        }
        follower.assertFollowedOnce();
    }

    @Test
    void manyFilesThatComeAndGoEndInAFollow() throws Exception {
        follower.begin(followed("*"));
        for (int i = 0; i < 10_000; i++) {
            Files.createFile(folder.resolve("f" + i));
        }
        for (int i = 0; i < 10_000; i++) {
            Files.delete(folder.resolve("f" + i));
        }
        follower.assertFollowed();
        follower.assertNotFollowed();
    }

    @Test
    void aThousandFilesCostNothingWhileNothingChanges() throws Exception {
        for (int i = 0; i < 1000; i++) {
            write("f" + i, "text");
        }
        follower.begin(tree("*"));
        follower.assertIdle();
        assertThat(follower.turns()).isLessThan(50);
    }

    @Test
    void aStreamOfChangesIsFollowedInTheMeantime() throws Exception {
        follower.begin(followed("*"));
        long turns = follower.turns();
        long start = System.nanoTime();
        int writes = 0;
        while (!follower.hasRequest()) {
            write("f" + writes % 10, "text " + writes++);
        }
        long seconds = (System.nanoTime() - start) / 1_000_000_000 + 1;
        assertThat(follower.turns() - turns).isLessThan(60 * seconds);
    }

    @Test
    void namesMayBeAnyBytes() throws Exception {
        follower.begin(followed("*.fcgi"));
        List<String> names =
                List.of(
                        "two words.fcgi",
                        "\"quoted\" 'it'.fcgi",
                        "two\nlines.fcgi",
                        "{a}[b]*?\\.fcgi",
                        ByteText.decode("caf\u00e9 \u00ff.fcgi".getBytes(ISO_8859_1)));
        for (String name : names) {
            Path file = folder.resolve(BytePath.of(name));
            Files.writeString(file, "one");
            follower.assertFollowedOnce();
            try (OutputStream half = Files.newOutputStream(file)) {
                half.write(1);
                follower.assertNotFollowed();
            }
            follower.assertFollowedOnce();
            Files.delete(file);
            follower.assertFollowedOnce();
        }
    }

    @Test
    void aSubFolderIsAnEntryOnlyIfItShouldBe() throws Exception {
        follower.begin(sites());
        Path site = Files.createDirectory(folder.resolve("alice"));
        follower.assertFollowedOnce();
        Files.setPosixFilePermissions(site, PosixFilePermissions.fromString("rwx------"));
        follower.assertFollowedOnce();
        Files.writeString(site.resolve("page"), "in it");
        Files.createDirectory(folder.resolve(".hidden"));
        follower.assertNotFollowed();
        Files.move(site, folder.resolve("bob"));
        follower.assertFollowedOnce();
        Files.delete(folder.resolve("bob").resolve("page"));
        follower.assertNotFollowed();
        Files.delete(folder.resolve("bob"));
        follower.assertFollowedOnce();
    }

    @Test
    void aSubFolderIsFollowedWithAllThatIsInIt() throws Exception {
        follower.begin(tree("*.fcgi"));
        Files.createDirectories(folder.resolve("a/b"));
        follower.assertNotFollowed();
        Path file = write("a/b/app.fcgi", "one");
        follower.assertFollowedOnce();
        Files.move(folder.resolve("a"), folder.resolve("c"));
        follower.assertFollowedOnce();
        Files.writeString(folder.resolve("c/b/app.fcgi"), "two");
        follower.assertFollowedOnce();
        assertThat(file).doesNotExist();
        Path fresh = Files.createDirectories(top.resolve("fresh/deep"));
        Files.writeString(fresh.resolve("app.fcgi"), "one");
        Files.move(top.resolve("fresh"), folder.resolve("d"));
        follower.assertFollowedOnce();
        Files.writeString(folder.resolve("d/deep/app.fcgi"), "two");
        follower.assertFollowedOnce();
        Files.move(folder.resolve("d"), top.resolve("gone"));
        follower.assertFollowedOnce();
        Files.writeString(top.resolve("gone/deep/app.fcgi"), "three");
        follower.assertNotFollowed();
    }

    @Test
    void onlySoManyLevelsAreFollowed() throws Exception {
        Path deepest = folder;
        for (int i = 0; i < FolderTree.MOST_LEVELS; i++) {
            deepest = deepest.resolve("d");
        }
        Path below = Files.createDirectories(deepest.resolve("d"));
        follower.begin(tree("*"));
        Files.writeString(below.resolve("app"), "too deep");
        follower.assertNotFollowed();
        Files.writeString(deepest.resolve("app"), "deep");
        follower.assertFollowedOnce();
    }

    @Test
    void theTargetOfALinkIsFollowed() throws Exception {
        Path elsewhere = Files.createDirectory(top.resolve("templates"));
        Path target = Files.writeString(elsewhere.resolve("php"), "one");
        Files.writeString(elsewhere.resolve("other"), "one");
        Files.createSymbolicLink(folder.resolve("alice"), target);
        follower.begin(followed("*", target));
        Files.writeString(target, "two");
        follower.assertFollowedOnce();
        Files.writeString(elsewhere.resolve("other"), "two");
        follower.assertNotFollowed();
        Files.writeString(elsewhere.resolve("new"), "three");
        Files.move(elsewhere.resolve("new"), target, StandardCopyOption.ATOMIC_MOVE);
        follower.assertFollowedOnce();
        Files.delete(target);
        follower.assertFollowedOnce();
        Files.writeString(target, "four");
        follower.assertFollowedOnce();
        Files.move(elsewhere, top.resolve("moved"));
        follower.assertFollowedOnce();
        Files.move(top.resolve("moved"), elsewhere);
        follower.assertFollowedOnce();
        Files.writeString(target, "five");
        follower.assertFollowedOnce();
    }

    @Test
    void anotherTargetIsFollowedOnceItIsConfigured() throws Exception {
        Path one = Files.writeString(top.resolve("one"), "one");
        Path two = Files.writeString(top.resolve("two"), "two");
        follower.begin(followed("*", one));
        follower.begin(followed("*", one, two));
        Files.writeString(two, "three");
        follower.assertFollowedOnce();
        follower.configure(followed("*", two));
        follower.assertNotFollowed();
        Files.writeString(one, "three");
        follower.assertNotFollowed();
        write("app", "one");
        follower.assertFollowedOnce();
    }

    @Test
    void aFolderThatIsNoLongerConfiguredIsNotFollowed() throws Exception {
        Path other = Files.createDirectory(top.resolve("other"));
        FollowedFolder second =
                new FollowedFolder(other, "*", false, false, FollowedFolders.QUIET, Set.of());
        follower.begin(followed("*"), second);
        follower.configure(second);
        follower.assertNotFollowed();
        write("app", "one");
        follower.assertNotFollowed();
        Files.writeString(other.resolve("app"), "one");
        follower.assertFollowedOnce();
        follower.configure();
        follower.assertIdle();
        Files.writeString(other.resolve("app"), "two");
        follower.assertNotFollowed();
    }

    @Test
    void twoPatternsOfOneFolderAreFollowed() throws Exception {
        follower.begin(followed("*.json"), followed("*.fcgi"), tree("*.php"));
        for (String name : List.of("a.json", "a.fcgi", "a.php")) {
            write(name, "one");
            follower.assertFollowedOnce();
        }
    }
}
