package org.procmon.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.procmon.config.ControlSpec;
import org.procmon.config.DecisionPolicy;
import org.procmon.config.FollowedFolder;
import org.procmon.config.MonitorSpec;
import org.procmon.config.OrphanPolicy;
import org.procmon.lifecycle.Ticks;
import org.procmon.posix.Inotify;
import org.procmon.reload.plan.ChangePlan;
import org.procmon.supervise.feature.Feature;
import org.procmon.supervise.port.Reloader;
import org.procmon.supervise.port.Ticker;

/** A follower of real folders, whose requests a test counts and answers. */
final class FollowedFolders implements AutoCloseable {
    static final Duration QUIET = Duration.ofMillis(100);
    private static final long LONG_MILLIS = 600;
    private static final ChangePlan NOTHING = new ChangePlan(List.of(), 0);

    /** Held by a test, it stops the thread. */
    final ReentrantLock stall = new ReentrantLock();

    /** Added to the time. */
    final AtomicLong ahead = new AtomicLong();

    volatile boolean broken;
    final BlockingQueue<Throwable> bugs = new LinkedBlockingQueue<>();
    private final BlockingQueue<CompletableFuture<Reloader.Outcome>> requests =
            new LinkedBlockingQueue<>();
    volatile Optional<Reloader.Outcome> outcome =
            Optional.of(new Reloader.Outcome.Planned(NOTHING, List.of(), List.of()));
    private final FolderFollower follower;

    FollowedFolders() {
        this(Inotify::open);
    }

    FollowedFolders(Supplier<Inotify.Result> kernel) {
        follower = new FolderFollower(kernel, ticker(), reloader(), (_, bug) -> bugs.add(bug));
    }

    private Ticker ticker() {
        return () -> {
            stall.lock();
            try {
                return new Ticks(System.nanoTime() + ahead.get());
            } finally {
                stall.unlock();
            }
        };
    }

    private Reloader reloader() {
        return new Reloader() {
            @Override
            public CompletableFuture<Outcome> follow() {
                if (broken) {
                    throw new IllegalStateException("broken");
                }
                CompletableFuture<Outcome> request =
                        outcome.map(CompletableFuture::completedFuture)
                                .orElseGet(CompletableFuture::new);
                requests.add(request);
                return request;
            }

            @Override
            public CompletableFuture<Outcome> reload(boolean dry) {
                throw new AssertionError("reload");
            }

            @Override
            public List<String> check() {
                throw new AssertionError("check");
            }

            @Override
            public CompletableFuture<Outcome> scale(String name, int instances) {
                throw new AssertionError("scale");
            }
        };
    }

    /** Another configuration. */
    void configure(FollowedFolder... folders) {
        follower.follow(
                new MonitorSpec(
                        ControlSpec.DEFAULT,
                        Optional.empty(),
                        OrphanPolicy.STOP,
                        Optional.empty(),
                        DecisionPolicy.BOOT,
                        List.of(),
                        Set.of(),
                        List.of(),
                        List.of(folders),
                        List.of(),
                        Optional.empty()),
                NOTHING);
    }

    /** Follows these, and waits until they are watched. */
    void begin(FollowedFolder... folders) throws InterruptedException {
        configure(folders);
        assertFollowedOnce();
    }

    CompletableFuture<Reloader.Outcome> nextRequest() throws InterruptedException {
        CompletableFuture<Reloader.Outcome> next = requests.poll(30, TimeUnit.SECONDS);
        assertThat(next).as("a request").isNotNull();
        return next == null ? new CompletableFuture<>() : next;
    }

    void assertFollowedOnce() throws InterruptedException {
        assertThat(nextRequest()).isNotNull();
        assertNotFollowed();
    }

    /** As {@link #assertFollowedOnce}, for changes between which a busy machine may pause. */
    void assertFollowed() throws InterruptedException {
        assertThat(nextRequest()).isNotNull();
        assertIdle();
        requests.clear();
    }

    /** Whether there was a request, without waiting. */
    boolean hasRequest() {
        return requests.poll() != null;
    }

    void assertNotFollowed() throws InterruptedException {
        assertThat(requests.poll(LONG_MILLIS, TimeUnit.MILLISECONDS)).as("a request").isNull();
        assertThat(bugs).isEmpty();
    }

    void assertIdle() {
        AtomicLong latest = new AtomicLong(-1);
        await().during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(60))
                .until(() -> latest.getAndSet(turns()) == turns());
    }

    long turns() {
        return follower.turns();
    }

    void stop(Feature.End end) {
        follower.stop(end);
    }

    @Override
    public void close() {
        follower.stop(Feature.End.SHUTDOWN);
    }
}
