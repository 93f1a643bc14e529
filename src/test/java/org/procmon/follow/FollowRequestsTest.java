package org.procmon.follow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.procmon.config.FollowedFolder;
import org.procmon.log.LogCapture;
import org.procmon.reload.plan.ChangePlan;
import org.procmon.supervise.feature.Feature;
import org.procmon.supervise.port.Reloader.Outcome;

/** What comes of the requests, and the end of the thread. */
@Timeout(60)
class FollowRequestsTest {
    @TempDir Path folder = Path.of("");

    private final FollowedFolders follower = new FollowedFolders();
    private final LogCapture log = LogCapture.start();

    @BeforeEach
    void begin() throws InterruptedException {
        follower.begin(
                new FollowedFolder(folder, "*", false, false, FollowedFolders.QUIET, Set.of()));
    }

    @AfterEach
    void stop() {
        follower.close();
        log.close();
    }

    private void change() throws Exception {
        Files.writeString(folder.resolve("app"), "text");
        follower.assertFollowedOnce();
    }

    private long said(String text) {
        return log.lines().stream().filter(line -> line.contains(text)).count();
    }

    private static Outcome invalid(String... problems) {
        return new Outcome.Invalid(List.of(problems));
    }

    @Test
    void logsTheSameProblemsOnceUntilThereAreNone() throws Exception {
        for (Outcome outcome :
                List.of(invalid("a:1", "b:2"), invalid("a:1", "b:2"), invalid("c:3"))) {
            follower.outcome = Optional.of(outcome);
            change();
        }
        follower.outcome = Optional.of(invalid("a:1", "b:2"));
        change();
        follower.assertIdle();
        assertThat(said("WARN follow: invalid configuration problem=a:1")).isEqualTo(1);
        assertThat(said("problem=b:2")).isEqualTo(1);
        assertThat(said("problem=c:3")).isEqualTo(1);
        follower.outcome =
                Optional.of(
                        new Outcome.Planned(
                                new ChangePlan(
                                        List.of(
                                                new ChangePlan.Change(
                                                        "web", ChangePlan.Action.START, List.of())),
                                        3),
                                List.of(),
                                List.of()));
        change();
        follower.outcome = Optional.of(invalid("a:1"));
        change();
        follower.assertIdle();
        assertThat(said("problem=a:1")).isEqualTo(2);
        assertThat(said("INFO follow: followed changes changed=1 unchanged=3")).isEqualTo(1);
    }

    @Test
    void asksAgainLaterWhenTheReloaderIsBusy() throws Exception {
        follower.outcome = Optional.of(new Outcome.Busy(64));
        Files.writeString(folder.resolve("app"), "text");
        CompletableFuture<Outcome> _ = follower.nextRequest();
        follower.outcome = Optional.of(new Outcome.ShuttingDown());
        follower.assertFollowed();
    }

    @Test
    void hasOneRequestAtATime() throws Exception {
        follower.outcome = Optional.empty();
        Files.writeString(folder.resolve("app"), "one");
        CompletableFuture<Outcome> first = follower.nextRequest();
        Files.writeString(folder.resolve("app"), "two");
        follower.assertNotFollowed();
        first.complete(new Outcome.Failed("", "no reason"));
        CompletableFuture<Outcome> second = follower.nextRequest();
        follower.assertNotFollowed();
        assertThat(said("WARN follow: cannot follow reason=\"no reason\"")).isEqualTo(1);
        second.completeExceptionally(new IllegalStateException("on purpose"));
        follower.assertIdle();
        assertThat(said("ERROR follow: cannot follow, because of a bug")).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Feature.End.class)
    void theThreadEndsWithTheMonitor(Feature.End end) throws Exception {
        follower.outcome = Optional.empty();
        Files.writeString(folder.resolve("app"), "one");
        CompletableFuture<Outcome> request = follower.nextRequest();
        Thread thread = thread();
        follower.stop(end);
        assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
        assertThat(request).isCancelled();
        follower.configure(new FollowedFolder(folder, "*"));
        follower.assertNotFollowed();
    }

    private static Thread thread() {
        Thread[] all = new Thread[Thread.activeCount() + 50];
        int count = Thread.enumerate(all);
        for (int i = 0; i < count; i++) {
            if (all[i].getName().equals("folders") && all[i].isAlive()) {
                return all[i];
            }
        }
        throw new AssertionError("no thread");
    }

    @Test
    void reportsABugThatEndsTheThread() throws Exception {
        follower.broken = true;
        Files.writeString(folder.resolve("app"), "one");
        assertThat(follower.bugs.poll(20, TimeUnit.SECONDS)).hasMessage("broken");
    }
}
