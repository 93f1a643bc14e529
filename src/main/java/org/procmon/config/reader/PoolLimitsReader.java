package org.procmon.config.reader;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.procmon.config.DurationText;
import org.procmon.config.PoolSpec;
import org.procmon.config.pool.QueueLimits;
import org.procmon.config.pool.RecyclePolicy;
import org.procmon.config.pool.RequestLimits;
import org.procmon.config.pool.RetirePolicy;
import org.procmon.config.pool.WhenStopped;

/** Reads for how long the clients and workers of a pool may wait, work and stay. */
final class PoolLimitsReader {
    private static final String TIMEOUT = "timeout";

    /** No program runs with less. */
    private static final long LEAST_MEMORY = 1 << 20;

    private static final long MOST_MEMORY = 1L << 50;

    private static final Duration SHORTEST = Duration.ofMillis(10);

    private final Problems problems;

    PoolLimitsReader(Problems problems) {
        this.problems = problems;
    }

    Duration idleTimeout(ObjectReader pool) {
        return limit(pool, "idle_timeout").orElse(PoolSpec.IDLE_TIMEOUT);
    }

    QueueLimits queue(ObjectReader pool, int backlog) {
        JsonValue.Members object = pool.object("queue");
        if (object == null) {
            return QueueLimits.DEFAULT;
        }
        ObjectReader queue = new ObjectReader(object, Keys.QUEUE, problems);
        return new QueueLimits(
                longest(queue, backlog), finite(limit(queue, TIMEOUT)), retryAfter(queue));
    }

    private OptionalInt longest(ObjectReader queue, int backlog) {
        JsonValue given = queue.value("max");
        if (given == null) {
            return OptionalInt.empty();
        }
        int max = queue.count("max", 1, ListenReader.LARGEST_BACKLOG, 1);
        if (max > backlog) {
            problems.add(
                    given.offset(),
                    "'max' is "
                            + max
                            + ", but no more clients can wait than 'backlog' says, which is "
                            + backlog);
        }
        return OptionalInt.of(max);
    }

    private Duration retryAfter(ObjectReader queue) {
        Duration usual = QueueLimits.DEFAULT.retryAfter();
        JsonValue given = queue.value("retry_after");
        Duration time = queue.duration("retry_after", usual);
        if (given != null
                && (time.isZero() || !time.equals(Duration.ofSeconds(time.toSeconds())))) {
            problems.add(
                    given.offset(), "'retry_after' must be a number of whole seconds, at least 1");
            return usual;
        }
        return time;
    }

    RequestLimits request(ObjectReader pool) {
        JsonValue.Members object = pool.object("request");
        if (object == null) {
            return RequestLimits.DEFAULT;
        }
        ObjectReader request = new ObjectReader(object, Keys.REQUEST, problems);
        Optional<Duration> slow = finite(limit(request, "slow"));
        Optional<Duration> timeout = finite(limit(request, TIMEOUT));
        JsonValue given = request.value("slow");
        boolean late =
                slow.isPresent() && timeout.isPresent() && slow.get().compareTo(timeout.get()) >= 0;
        if (given != null && late) {
            problems.add(
                    given.offset(),
                    "'slow' must be shorter than 'timeout', after which the worker is stopped");
        }
        return new RequestLimits(slow, timeout);
    }

    RecyclePolicy recycle(ObjectReader pool) {
        JsonValue.Members object = pool.object("recycle");
        if (object == null) {
            return RecyclePolicy.DEFAULT;
        }
        ObjectReader recycle = new ObjectReader(object, Keys.RECYCLE, problems);
        return new RecyclePolicy(
                finite(limit(recycle, "age")),
                memory(recycle),
                recycle.number("jitter", 0, 1, RecyclePolicy.DEFAULT.jitter()));
    }

    private OptionalLong memory(ObjectReader recycle) {
        JsonValue given = recycle.value("memory");
        if (given == null) {
            return OptionalLong.empty();
        }
        long bytes = recycle.size("memory", LEAST_MEMORY);
        if (bytes < LEAST_MEMORY || bytes > MOST_MEMORY) {
            problems.add(given.offset(), "'memory' must be from \"1MiB\" to \"1024TiB\"");
        }
        return OptionalLong.of(bytes);
    }

    RetirePolicy retire(ObjectReader pool) {
        return new RetirePolicy(
                method(pool.text("retire")),
                limit(pool, "patience").orElse(RetirePolicy.DEFAULT.patience()));
    }

    private RetirePolicy.Method method(JsonValue.@Nullable Text text) {
        if (text == null) {
            return RetirePolicy.DEFAULT.method();
        }
        return switch (text.value()) {
            case "auto" -> RetirePolicy.Method.AUTO;
            case "signal" -> RetirePolicy.Method.SIGNAL;
            case "freeze" -> RetirePolicy.Method.FREEZE;
            default -> {
                problems.badText("'retire'", "\"auto\", \"signal\" or \"freeze\"", text);
                yield RetirePolicy.DEFAULT.method();
            }
        };
    }

    WhenStopped whenStopped(ObjectReader pool) {
        JsonValue.Text text = pool.text("when_stopped");
        if (text == null) {
            return WhenStopped.REFUSE;
        }
        return switch (text.value()) {
            case "refuse" -> WhenStopped.REFUSE;
            case "wait" -> WhenStopped.WAIT;
            default -> {
                problems.badText("'when_stopped'", "\"refuse\" or \"wait\"", text);
                yield WhenStopped.REFUSE;
            }
        };
    }

    /** A time limit that is not zero; empty if the key is missing or wrong. */
    private Optional<Duration> limit(ObjectReader objectReader, String key) {
        JsonValue given = objectReader.value(key);
        if (given == null) {
            return Optional.empty();
        }
        // Other errors in the value have been reported already.
        Duration time = objectReader.limit(key, DurationText.FOREVER);
        if (time.compareTo(SHORTEST) < 0) {
            problems.add(given.offset(), "'" + key + "' must not be shorter than 10ms");
            return Optional.empty();
        }
        return Optional.of(time);
    }

    private static Optional<Duration> finite(Optional<Duration> limit) {
        return limit.filter(time -> !time.equals(DurationText.FOREVER));
    }
}
