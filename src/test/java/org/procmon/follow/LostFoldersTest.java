package org.procmon.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.config.FollowedFolder;
import org.procmon.log.LogCapture;
import org.procmon.posix.Errno;
import org.procmon.posix.Inotify;

/** Followed folders that are not there, are another one, or that the kernel does not watch. */
@Timeout(120)
class LostFoldersTest {
    @TempDir Path top = Path.of("");

    private FollowedFolders follower = new FollowedFolders();
    private final LogCapture log = LogCapture.start();

    @AfterEach
    void stop() {
        follower.close();
        log.close();
    }

    private static FollowedFolder followed(Path folder) {
        return new FollowedFolder(folder, "*", true, false, FollowedFolders.QUIET, Set.of());
    }

    private long said(String text) {
        return log.lines().stream().filter(line -> line.contains(text)).count();
    }

    private static void remove(Path folder) throws IOException {
        Files.delete(folder.resolve("app"));
        Files.delete(folder);
    }

    @Test
    void aFolderThatVanishesIsFollowedWhenItComesBack() throws Exception {
        Path folder = Files.createDirectory(top.resolve("conf.d"));
        Files.writeString(folder.resolve("app"), "one");
        follower.begin(followed(folder));
        for (int i = 0; i < 2; i++) {
            remove(folder);
            follower.assertFollowed();
            assertThat(said("reason=\"it does not exist\"")).isEqualTo(i + 1);
            follower.assertIdle();
            Files.createDirectory(folder);
            follower.assertFollowedOnce();
            Files.writeString(folder.resolve("app"), "two");
            follower.assertFollowedOnce();
            assertThat(said("follows a directory again")).isEqualTo(i + 1);
        }
    }

    @Test
    void aFolderThatIsRenamedIsNoLongerTheFollowedOne() throws Exception {
        Path folder = Files.createDirectories(top.resolve("etc/conf.d"));
        follower.begin(followed(folder));
        Path old = Files.move(folder, top.resolve("old"));
        follower.assertFollowedOnce();
        Files.writeString(old.resolve("app"), "one");
        follower.assertNotFollowed();
        Files.move(old, folder);
        follower.assertFollowedOnce();
        Files.move(top.resolve("etc"), top.resolve("old"));
        follower.assertFollowedOnce();
        Files.writeString(top.resolve("old/conf.d/app"), "two");
        follower.assertNotFollowed();
        Files.move(top.resolve("old"), top.resolve("etc"));
        follower.assertFollowedOnce();
        Files.writeString(folder.resolve("app"), "three");
        follower.assertFollowedOnce();
    }

    @Test
    void aFileInItsPlaceIsNoFolder() throws Exception {
        Path folder = Files.writeString(top.resolve("conf.d"), "a file");
        follower.begin(followed(folder));
        assertThat(said("reason=\"it is no directory\"")).isEqualTo(1);
        Files.delete(folder);
        follower.assertFollowedOnce();
        Files.createDirectory(folder);
        follower.assertFollowedOnce();
        Files.writeString(folder.resolve("app"), "one");
        follower.assertFollowedOnce();
    }

    @Test
    void aFolderThatDoesNotExistYetIsFollowedOnceItDoes() throws Exception {
        Path folder = top.resolve("a/b/conf.d");
        follower.begin(followed(folder));
        assertThat(said("reason=\"it does not exist\"")).isEqualTo(1);
        follower.assertIdle();
        Path fresh = Files.createDirectories(top.resolve("fresh/b/conf.d"));
        Files.writeString(fresh.resolve("app"), "one");
        follower.assertNotFollowed();
        Files.move(top.resolve("fresh"), top.resolve("a"));
        follower.assertFollowedOnce();
        Files.writeString(folder.resolve("app"), "two");
        follower.assertFollowedOnce();
    }

    @Test
    void aLinkToAnotherFolderIsSwitched() throws Exception {
        for (String release : Set.of("one", "two")) {
            Files.createDirectories(top.resolve(release));
        }
        Path link = Files.createSymbolicLink(top.resolve("current"), Path.of("one"));
        follower.begin(followed(link));
        Files.writeString(top.resolve("one/app"), "one");
        follower.assertFollowedOnce();
        Path next = Files.createSymbolicLink(top.resolve("next"), Path.of("two"));
        Files.move(next, link, StandardCopyOption.ATOMIC_MOVE);
        follower.assertFollowedOnce();
        Files.writeString(top.resolve("one/app"), "two");
        follower.assertNotFollowed();
        Files.writeString(top.resolve("two/app"), "two");
        follower.assertFollowedOnce();
    }

    /** More changes than the kernel keeps, and a folder that is another one since then. */
    @Test
    void lostEventsAreOneFollowAndFreshWatches() throws Exception {
        Path folder = Files.createDirectory(top.resolve("conf.d"));
        follower.begin(followed(folder));
        int most =
                Integer.parseInt(
                        Files.readString(Path.of("/proc/sys/fs/inotify/max_queued_events"))
                                .strip());
        follower.stall.lock();
        try {
            for (int i = 0; i < most / 2; i++) {
                Path file = Files.createFile(folder.resolve(".hidden" + i));
                Files.delete(file);
            }
            Files.move(folder, top.resolve("old"));
            Files.createDirectory(folder);
        } finally {
            follower.stall.unlock();
        }
        follower.assertFollowed();
        follower.assertNotFollowed();
        Files.writeString(folder.resolve("app"), "one");
        follower.assertFollowedOnce();
        Files.writeString(top.resolve("old/app"), "one");
        follower.assertNotFollowed();
    }

    @Test
    void aFolderThatTheKernelDoesNotWatchIsLookedAt() throws Exception {
        follower.close();
        follower = new FollowedFolders(() -> new Inotify.Result.NotOpened(new Errno(Errno.EMFILE)));
        Path folder = Files.createDirectory(top.resolve("conf.d"));
        Path target = Files.writeString(top.resolve("target"), "one");
        FollowedFolder all = followed(folder).withTargets(Set.of(target));
        follower.begin(all);
        look(all);
        follower.assertNotFollowed();
        Files.writeString(folder.resolve("app"), "one");
        Files.writeString(folder.resolve(".hidden"), "one");
        look(all);
        follower.assertFollowedOnce();
        Files.writeString(folder.resolve("app"), "two, longer");
        look(all);
        follower.assertFollowedOnce();
        Files.writeString(folder.resolve(".hidden"), "two");
        look(all);
        follower.assertNotFollowed();
        Files.writeString(target, "two");
        look(all);
        follower.assertFollowedOnce();
        Files.createDirectory(folder.resolve("below"));
        look(all);
        follower.assertFollowedOnce();
        Files.move(folder.resolve("app"), folder.resolve("below/app"));
        look(all);
        follower.assertFollowedOnce();
        assertThat(said("fs.inotify.max_user_instances")).isEqualTo(1);
    }

    /** Lets 10 s pass, and wakes the thread. */
    private void look(FollowedFolder all) {
        long _ = follower.ahead.addAndGet(Duration.ofSeconds(10).toNanos());
        follower.configure(all);
    }

    @Test
    void whatWasBelowAnUnmountedFolderIsFollowed() throws Exception {
        Path folder = Files.createDirectory(top.resolve("conf.d"));
        assumeThat(mount("mount", "-t", "tmpfs", "none", "" + folder)).as("may mount").isZero();
        boolean isMounted = true;
        try {
            follower.begin(followed(folder));
            Files.writeString(folder.resolve("app"), "mounted");
            follower.assertFollowedOnce();
            assertThat(mount("umount", "" + folder)).isZero();
            isMounted = false;
            follower.assertFollowed();
            follower.assertIdle();
            Files.writeString(folder.resolve("app"), "below");
            follower.assertFollowedOnce();
        } finally {
            if (isMounted) {
                assertThat(mount("umount", "--lazy", "" + folder)).isZero();
            }
        }
    }

    private static int mount(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
    }
}
