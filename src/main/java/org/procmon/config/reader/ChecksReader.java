package org.procmon.config.reader;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.procmon.config.Checks;
import org.procmon.config.DurationText;
import org.procmon.config.Health;
import org.procmon.config.Probe;
import org.procmon.config.Readiness;
import org.procmon.config.ReadySignal;

/** Reads how the monitor knows when a process is up, and whether it still is. */
final class ChecksReader {
    private static final List<String> SIGNS =
            List.of("notify", "fd", "tcp", "unix", "http", "exec", "output", "file");
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration INTERVAL = Duration.ofMillis(250);
    private static final Duration HEALTH_INTERVAL = Duration.ofSeconds(10);
    private static final Duration HEALTH_TIMEOUT = Duration.ofSeconds(2);
    private static final int FAILURES = 3;
    private static final int MOST_FAILURES = 1000;
    private static final int FIRST_DESCRIPTOR = 3;
    private static final int LAST_DESCRIPTOR = 255;

    /** The shortest interval of probes and keep-alive messages. */
    private static final Duration SHORTEST = Duration.ofMillis(10);

    private final PathReader paths;
    private final ProbeReader probes;
    private final Problems problems;

    ChecksReader(PathReader paths, Problems problems) {
        this.paths = paths;
        this.probes = new ProbeReader(paths, problems);
        this.problems = problems;
    }

    /**
     * @param captured whether the monitor keeps any of its output
     */
    static Checks read(
            ObjectReader process, PathReader paths, boolean captured, Problems problems) {
        return process.has("ready") || process.has("health") || process.has("watchdog")
                ? new ChecksReader(paths, problems).read(process, captured)
                : Checks.DEFAULT;
    }

    private Checks read(ObjectReader process, boolean captured) {
        Optional<Readiness> ready = ready(process);
        Checks checks = new Checks(ready, health(process), watchdog(process));
        checkAgainstOthers(process, checks, captured);
        return checks;
    }

    private Optional<Readiness> ready(ObjectReader process) {
        JsonValue.Members object = process.object("ready");
        if (object == null) {
            return Optional.empty();
        }
        ObjectReader objectReader = new ObjectReader(object, Keys.READY, problems);
        String key = probes.only(objectReader, SIGNS, "'ready'");
        Optional<ReadySignal> sign = key == null ? Optional.empty() : sign(objectReader, key);
        JsonValue insecure = objectReader.value("insecure");
        if (insecure != null && key != null && !ProbeReader.KEYS.contains(key)) {
            problems.add(insecure.offset(), ProbeReader.ONLY_HTTPS);
        }
        Duration timeout = limit(objectReader, "timeout", TIMEOUT);
        Duration interval = atLeast(objectReader, "interval", INTERVAL);
        return sign.map(s -> new Readiness(s, timeout, interval));
    }

    private Optional<ReadySignal> sign(ObjectReader objectReader, String key) {
        return switch (key) {
            case "notify" -> notify(objectReader);
            case "fd" ->
                    Optional.of(
                            new ReadySignal.Newline(
                                    objectReader.count(
                                            "fd",
                                            FIRST_DESCRIPTOR,
                                            LAST_DESCRIPTOR,
                                            FIRST_DESCRIPTOR)));
            case "output" -> output(objectReader);
            case "file" -> {
                Optional<Path> file = paths.read(objectReader, "file");
                yield file.map(ReadySignal.Appears::new);
            }
            default -> probes.read(objectReader, key).map(ReadySignal.Answers::new);
        };
    }

    private Optional<ReadySignal> notify(ObjectReader objectReader) {
        JsonValue jsonValue = objectReader.value("notify");
        if (!objectReader.flag("notify", true)) {
            problems.add(
                    jsonValue == null ? objectReader.offset() : jsonValue.offset(),
                    "'notify' can only be true; to wait for nothing, leave 'ready' out");
        }
        return Optional.of(new ReadySignal.Notify());
    }

    private Optional<ReadySignal> output(ObjectReader objectReader) {
        JsonValue.Text text =
                objectReader.asText(objectReader.value("output"), "output", "a regular expression");
        if (text == null) {
            return Optional.empty();
        }
        try {
            Pattern.compile(text.value());
            return Optional.of(new ReadySignal.Output(text.value()));
        } catch (PatternSyntaxException e) {
            problems.add(
                    text.offset(),
                    "'output' is no regular expression: " + Problems.harmless(e.getDescription()));
            return Optional.empty();
        }
    }

    private Optional<Health> health(ObjectReader process) {
        JsonValue.Members object = process.object("health");
        if (object == null) {
            return Optional.empty();
        }
        ObjectReader objectReader = new ObjectReader(object, Keys.HEALTH, problems);
        String key = probes.only(objectReader, ProbeReader.KEYS, "'health'");
        Optional<Probe> probe = key == null ? Optional.empty() : probes.read(objectReader, key);
        Duration interval = atLeast(objectReader, "interval", HEALTH_INTERVAL);
        Duration timeout = atLeast(objectReader, "timeout", HEALTH_TIMEOUT);
        int failures = objectReader.count("failures", 1, MOST_FAILURES, FAILURES);
        Health.Remedy then = remedy(objectReader.text("then"));
        return probe.map(p -> new Health(p, interval, timeout, failures, then));
    }

    private Health.Remedy remedy(JsonValue.@Nullable Text then) {
        if (then == null) {
            return Health.Remedy.RESTART;
        }
        return switch (then.value()) {
            case "restart" -> Health.Remedy.RESTART;
            case "report" -> Health.Remedy.REPORT;
            default -> {
                problems.badText("'then'", "\"restart\" or \"report\"", then);
                yield Health.Remedy.RESTART;
            }
        };
    }

    private Optional<Duration> watchdog(ObjectReader process) {
        return process.value("watchdog") == null
                ? Optional.empty()
                : Optional.of(limit(process, "watchdog", TIMEOUT))
                        .filter(within -> !within.equals(DurationText.FOREVER));
    }

    private Duration atLeast(ObjectReader objectReader, String key, Duration otherwise) {
        return atLeast(objectReader, key, objectReader.duration(key, otherwise), otherwise);
    }

    /** Like {@link #atLeast}, where a limit may be absent. */
    private Duration limit(ObjectReader objectReader, String key, Duration otherwise) {
        return atLeast(objectReader, key, objectReader.limit(key, otherwise), otherwise);
    }

    private Duration atLeast(
            ObjectReader objectReader, String key, Duration duration, Duration otherwise) {
        JsonValue jsonValue = objectReader.value(key);
        if (jsonValue != null && duration.compareTo(SHORTEST) < 0) {
            problems.add(jsonValue.offset(), "'" + key + "' must not be shorter than 10ms");
            return otherwise;
        }
        return duration;
    }

    private void checkAgainstOthers(ObjectReader process, Checks checks, boolean captured) {
        JsonValue ready = process.value("ready");
        JsonValue watchdog = process.value("watchdog");
        if (ready != null && process.value("wait") != null) {
            problems.add(
                    ready.offset(),
                    "'ready' and 'wait' both say when it is up; leave 'wait' out, or 'ready'");
        }
        if (ready != null && checks.notifies() && process.has("chroot")) {
            problems.add(
                    ready.offset(),
                    "'notify' needs a socket that cannot be reached from a 'chroot'; use 'fd'");
        }
        boolean reads =
                checks.ready().filter(r -> r.sign() instanceof ReadySignal.Output).isPresent();
        if (ready != null && reads && !captured) {
            problems.add(
                    ready.offset(),
                    "'output' needs a 'stdout' or 'stderr' that is captured, and neither is");
        }
        boolean isDuration =
                watchdog instanceof JsonValue.Text || watchdog instanceof JsonValue.Numeral;
        boolean isOff =
                watchdog instanceof JsonValue.Text text
                        && text.value().equals(DurationText.INFINITY);
        if (watchdog != null && isDuration && !isOff && !checks.notifies()) {
            problems.add(watchdog.offset(), "'watchdog' needs \"ready\": {\"notify\": true}");
        }
    }
}
