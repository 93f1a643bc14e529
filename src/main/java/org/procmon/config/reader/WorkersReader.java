package org.procmon.config.reader;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.procmon.config.pool.PoolMode;
import org.procmon.config.pool.WorkerCounts;

/** Reads {@code mode} and {@code workers}. */
final class WorkersReader {
    private static final String KEY = "workers";
    private static final String MIN = "min";
    private static final String MAX = "max";
    private static final String SPARE_MIN = "spare_min";
    private static final String SPARE_MAX = "spare_max";
    private static final String SHARE = "share";
    private static final int USUAL_FIXED = 4;
    private static final int USUAL_MOST = 8;

    private final Problems problems;

    WorkersReader(Problems problems) {
        this.problems = problems;
    }

    PoolMode mode(ObjectReader pool) {
        JsonValue.Text text = pool.text("mode");
        if (text == null) {
            return PoolMode.DYNAMIC;
        }
        return switch (text.value()) {
            case "static" -> PoolMode.STATIC;
            case "dynamic" -> PoolMode.DYNAMIC;
            case "ondemand" -> PoolMode.ON_DEMAND;
            default -> {
                problems.badText("'mode'", "\"static\", \"dynamic\" or \"ondemand\"", text);
                yield PoolMode.DYNAMIC;
            }
        };
    }

    /**
     * How many workers a pool has.
     *
     * @param isAlone whether one worker opens the only socket itself, and serves all clients
     */
    WorkerCounts counts(ObjectReader pool, PoolMode mode, boolean isAlone) {
        int usual = isAlone ? 1 : mode == PoolMode.STATIC ? USUAL_FIXED : USUAL_MOST;
        JsonValue given = pool.value(KEY);
        if (given instanceof JsonValue.Members object) {
            ObjectReader workers = new ObjectReader(object, Keys.WORKERS, problems);
            workers.text(SHARE);
            int max = workers.count(MAX, 1, WorkerCounts.MOST, usual);
            return switch (mode) {
                case STATIC -> fixed(workers, max);
                case DYNAMIC -> dynamic(workers, max);
                case ON_DEMAND -> onDemand(workers, max);
            };
        }
        if (given != null
                && !(given instanceof JsonValue.Numeral)
                && !(given instanceof JsonValue.Text)) {
            problems.wrongKind("'workers'", "a whole number or an object", given);
            return of(mode, usual);
        }
        return of(mode, pool.count(KEY, 1, WorkerCounts.MOST, usual));
    }

    /** The name of the share that a pool is a part of. */
    Optional<JsonValue.Text> share(ObjectReader pool) {
        // What else is wrong with it has been reported.
        if (!(pool.value(KEY) instanceof JsonValue.Members object)) {
            return Optional.empty();
        }
        JsonValue.Member member = object.members().get(SHARE);
        return member != null && member.value() instanceof JsonValue.Text name
                ? Optional.of(name)
                : Optional.empty();
    }

    private static WorkerCounts of(PoolMode mode, int max) {
        return switch (mode) {
            case STATIC -> new WorkerCounts(max, max, 0, max);
            case DYNAMIC -> new WorkerCounts(1, max, 1, max);
            case ON_DEMAND -> new WorkerCounts(0, max, 0, max);
        };
    }

    private WorkerCounts fixed(ObjectReader workers, int max) {
        JsonValue min = workers.value(MIN);
        if (min != null && workers.count(MIN, 0, WorkerCounts.MOST, max) != max) {
            problems.add(
                    min.offset(),
                    "a static pool always has 'max' workers, which is "
                            + max
                            + "; leave 'min' out, or take \"mode\": \"dynamic\"");
        }
        refuseSpare(workers, PoolMode.STATIC);
        return of(PoolMode.STATIC, max);
    }

    private WorkerCounts onDemand(ObjectReader workers, int max) {
        JsonValue min = workers.value(MIN);
        if (min != null && workers.count(MIN, 0, WorkerCounts.MOST, 0) != 0) {
            problems.add(
                    min.offset(),
                    "an ondemand pool has no worker before a client waits; leave 'min' out, or"
                            + " take \"mode\": \"dynamic\"");
        }
        refuseSpare(workers, PoolMode.ON_DEMAND);
        return of(PoolMode.ON_DEMAND, max);
    }

    private void refuseSpare(ObjectReader workers, PoolMode mode) {
        String word = mode == PoolMode.STATIC ? "a static" : "an ondemand";
        refuseSpare(workers.value(SPARE_MIN), SPARE_MIN, word);
        refuseSpare(workers.value(SPARE_MAX), SPARE_MAX, word);
    }

    private void refuseSpare(@Nullable JsonValue given, String key, String word) {
        if (given != null) {
            problems.add(
                    given.offset(),
                    "'"
                            + key
                            + "' is not for "
                            + word
                            + " pool; leave it out, or take \"mode\": \"dynamic\"");
        }
    }

    private WorkerCounts dynamic(ObjectReader workers, int max) {
        int min = workers.count(MIN, 0, WorkerCounts.MOST, 1);
        int spareMax = workers.count(SPARE_MAX, 1, WorkerCounts.MOST, max);
        int spareMin = workers.count(SPARE_MIN, 0, WorkerCounts.MOST, 1);
        boolean least = inOrder(workers, MIN, min, MAX, max);
        boolean spare =
                inOrder(workers, SPARE_MAX, spareMax, MAX, max)
                        && inOrder(workers, SPARE_MIN, spareMin, SPARE_MAX, spareMax);
        return least && spare
                ? new WorkerCounts(min, max, spareMin, spareMax)
                : of(PoolMode.DYNAMIC, max);
    }

    /** Reports the smaller number, unless only the larger one is given. */
    private boolean inOrder(
            ObjectReader workers, String lesser, int less, String greater, int more) {
        if (less <= more) {
            return true;
        }
        JsonValue at = workers.value(lesser);
        String otherwise = workers.value(greater) == null ? " when it is not given" : "";
        problems.add(
                at == null ? workers.offset() : at.offset(),
                String.format(
                        Locale.ROOT,
                        "'%s' is %d, more than '%s', which is %d%s",
                        lesser,
                        less,
                        greater,
                        more,
                        otherwise));
        return false;
    }
}
