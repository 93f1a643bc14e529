package org.procmon.spec;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the key {@code schedule}. */
final class ScheduleReader {
    private final Problems problems;

    ScheduleReader(Problems problems) {
        this.problems = problems;
    }

    Schedule read(Node.Members object) {
        Section section = new Section(object, Keys.SCHEDULE, problems);
        if (object.whole()
                && !section.has("start")
                && !section.has("stop")
                && !section.has("restart")) {
            problems.add(object.offset(), "'schedule' has no 'start', 'stop' or 'restart'");
        }
        CronReader crons = new CronReader(problems);
        @Nullable ExclusionReader exclusions =
                section.has("except") ? new ExclusionReader(problems) : null;
        Schedule schedule =
                new Schedule(
                        crons.read(section, "start"),
                        crons.read(section, "stop"),
                        crons.read(section, "restart"),
                        zone(section),
                        missed(section),
                        section.duration("jitter", Duration.ZERO),
                        exclusions == null ? List.of() : exclusions.read(section),
                        overlap(section));
        if (exclusions != null) {
            exclusions.check(schedule);
        }
        return schedule;
    }

    private Schedule.Missed missed(Section section) {
        return word(
                section,
                "missed",
                Map.of("skip", Schedule.Missed.SKIP, "once", Schedule.Missed.ONCE),
                Schedule.Missed.LATE);
    }

    private Schedule.Overlap overlap(Section section) {
        return word(
                section,
                "overlap",
                Map.of(
                        "skip",
                        Schedule.Overlap.SKIP,
                        "queue",
                        Schedule.Overlap.QUEUE,
                        "replace",
                        Schedule.Overlap.REPLACE),
                Schedule.Overlap.SKIP);
    }

    private <E extends Enum<E>> E word(
            Section section, String key, Map<String, E> words, E otherwise) {
        Node.Text text = section.text(key);
        if (text == null) {
            return otherwise;
        }
        E found = words.get(text.value());
        if (found == null) {
            List<String> all = words.values().stream().sorted().map(ScheduleReader::word).toList();
            String last = all.getLast();
            problems.add(
                    text.offset(),
                    "'"
                            + key
                            + "' must be "
                            + String.join(", ", all.subList(0, all.size() - 1))
                            + " or "
                            + last
                            + ", found \""
                            + Problems.shown(text.value())
                            + "\""
                            + Suggestion.forWord(text.value(), words.keySet()));
            return otherwise;
        }
        return found;
    }

    private static String word(Enum<?> value) {
        return "\"" + value.name().toLowerCase(Locale.ROOT) + "\"";
    }

    private Optional<ZoneId> zone(Section section) {
        Node.Text text = section.text("timezone");
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(ZoneId.of(text.value()));
        } catch (DateTimeException _) {
            problems.badText("'timezone'", "a time zone such as \"Europe/Berlin\"", text);
            return Optional.empty();
        }
    }
}
