package org.procmon.launch.plan;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Runs lookups that may hang, such as those in a directory service or of a file on another machine,
 * on a thread of its own, and waits at most a moment for each. While one hangs, all others are
 * refused immediately; a late answer serves the next caller that asks for the same. Any thread.
 */
final class TimedLookup<K, V> {
    private static final Duration MOMENT = Duration.ofSeconds(1);

    interface Lookup<V> {
        V find() throws LaunchRefused;
    }

    private record Pending<K, V>(K key, FutureTask<V> answer) {}

    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("lookups").factory());
    private final Duration moment;
    private @Nullable Pending<K, V> late;

    TimedLookup() {
        this(MOMENT);
    }

    /**
     * @param moment how long to wait for an answer
     */
    TimedLookup(Duration moment) {
        this.moment = moment;
    }

    /**
     * The answer, within a moment.
     *
     * @param key equal to that of an earlier lookup whose answer would do as well
     * @throws LaunchRefused if the lookup says so, or if it takes too long
     */
    synchronized V find(K key, Lookup<V> lookup) throws LaunchRefused {
        Pending<K, V> before = late;
        late = null;
        if (before != null && !before.answer().isDone()) {
            late = before;
            throw tooLong();
        }
        if (before != null && before.key().equals(key)) {
            return await(before);
        }
        Pending<K, V> now = new Pending<>(key, new FutureTask<>(lookup::find));
        thread.execute(now.answer());
        return await(now);
    }

    private V await(Pending<K, V> pending) throws LaunchRefused {
        try {
            return pending.answer().get(moment.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            late = pending;
            throw tooLong();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof LaunchRefused launchRefused) {
                throw launchRefused;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw LaunchRefused.forNow("interrupted while looking up its user and files");
        }
    }

    private LaunchRefused tooLong() {
        return LaunchRefused.forNow(
                "its user, groups and files of variables could not be looked up within "
                        + moment.toMillis()
                        + " ms");
    }
}
