package org.procmon.spec;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Reads what says when a process is up, and whether it still is. */
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

    /** Nothing is asked, and no sign of life is awaited, more often. */
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
     * @param captured whether any of its output is kept by the monitor
     */
    static Checks read(Section process, PathReader paths, boolean captured, Problems problems) {
        return process.has("ready") || process.has("health") || process.has("watchdog")
                ? new ChecksReader(paths, problems).read(process, captured)
                : Checks.DEFAULT;
    }

    private Checks read(Section process, boolean captured) {
        Optional<Readiness> ready = ready(process);
        Checks checks = new Checks(ready, health(process), watchdog(process));
        checkAgainstOthers(process, checks, captured);
        return checks;
    }

    private Optional<Readiness> ready(Section process) {
        Node.Members object = process.object("ready");
        if (object == null) {
            return Optional.empty();
        }
        Section section = new Section(object, Keys.READY, problems);
        String key = probes.only(section, SIGNS, "'ready'");
        Optional<Sign> sign = key == null ? Optional.empty() : sign(section, key);
        Node insecure = section.value("insecure");
        if (insecure != null && key != null && !ProbeReader.KEYS.contains(key)) {
            problems.add(insecure.offset(), ProbeReader.ONLY_HTTPS);
        }
        Duration timeout = limit(section, "timeout", TIMEOUT);
        Duration interval = atLeast(section, "interval", INTERVAL);
        return sign.map(s -> new Readiness(s, timeout, interval));
    }

    private Optional<Sign> sign(Section section, String key) {
        return switch (key) {
            case "notify" -> notify(section);
            case "fd" ->
                    Optional.of(
                            new Sign.Newline(
                                    section.count(
                                            "fd",
                                            FIRST_DESCRIPTOR,
                                            LAST_DESCRIPTOR,
                                            FIRST_DESCRIPTOR)));
            case "output" -> output(section);
            case "file" -> {
                Optional<Path> file = paths.read(section, "file");
                yield file.map(Sign.Appears::new);
            }
            default -> probes.read(section, key).map(Sign.Answers::new);
        };
    }

    private Optional<Sign> notify(Section section) {
        Node node = section.value("notify");
        if (!section.flag("notify", true)) {
            problems.add(
                    node == null ? section.offset() : node.offset(),
                    "'notify' can only be true; to wait for nothing, leave 'ready' out");
        }
        return Optional.of(new Sign.Notify());
    }

    private Optional<Sign> output(Section section) {
        Node.Text text = section.asText(section.value("output"), "output", "a regular expression");
        if (text == null) {
            return Optional.empty();
        }
        try {
            Pattern.compile(text.value());
            return Optional.of(new Sign.Output(text.value()));
        } catch (PatternSyntaxException e) {
            problems.add(
                    text.offset(),
                    "'output' is no regular expression: " + Problems.harmless(e.getDescription()));
            return Optional.empty();
        }
    }

    private Optional<Health> health(Section process) {
        Node.Members object = process.object("health");
        if (object == null) {
            return Optional.empty();
        }
        Section section = new Section(object, Keys.HEALTH, problems);
        String key = probes.only(section, ProbeReader.KEYS, "'health'");
        Optional<Probe> probe = key == null ? Optional.empty() : probes.read(section, key);
        Duration interval = atLeast(section, "interval", HEALTH_INTERVAL);
        Duration timeout = atLeast(section, "timeout", HEALTH_TIMEOUT);
        int failures = section.count("failures", 1, MOST_FAILURES, FAILURES);
        Health.Remedy then = remedy(section.text("then"));
        return probe.map(p -> new Health(p, interval, timeout, failures, then));
    }

    private Health.Remedy remedy(Node.@Nullable Text then) {
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

    private Optional<Duration> watchdog(Section process) {
        return process.value("watchdog") == null
                ? Optional.empty()
                : Optional.of(limit(process, "watchdog", TIMEOUT))
                        .filter(within -> !within.equals(DurationText.FOREVER));
    }

    private Duration atLeast(Section section, String key, Duration otherwise) {
        return atLeast(section, key, section.duration(key, otherwise), otherwise);
    }

    /** As {@link #atLeast}, where there may be no limit. */
    private Duration limit(Section section, String key, Duration otherwise) {
        return atLeast(section, key, section.limit(key, otherwise), otherwise);
    }

    private Duration atLeast(Section section, String key, Duration duration, Duration otherwise) {
        Node node = section.value(key);
        if (node != null && duration.compareTo(SHORTEST) < 0) {
            problems.add(node.offset(), "'" + key + "' must not be shorter than 10ms");
            return otherwise;
        }
        return duration;
    }

    private void checkAgainstOthers(Section process, Checks checks, boolean captured) {
        Node ready = process.value("ready");
        Node watchdog = process.value("watchdog");
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
        boolean reads = checks.ready().filter(r -> r.sign() instanceof Sign.Output).isPresent();
        if (ready != null && reads && !captured) {
            problems.add(
                    ready.offset(),
                    "'output' needs a 'stdout' or 'stderr' that is captured, and neither is");
        }
        boolean isDuration = watchdog instanceof Node.Text || watchdog instanceof Node.Numeral;
        boolean isOff =
                watchdog instanceof Node.Text text && text.value().equals(DurationText.INFINITY);
        if (watchdog != null && isDuration && !isOff && !checks.notifies()) {
            problems.add(watchdog.offset(), "'watchdog' needs \"ready\": {\"notify\": true}");
        }
    }
}
