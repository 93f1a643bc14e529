package org.procmon.config.reader;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.procmon.config.Schedule;

/** Reads the key {@code schedule}. */
final class ScheduleReader {
    private final Problems problems;

    ScheduleReader(Problems problems) {
        this.problems = problems;
    }

    Schedule read(JsonValue.Members object) {
        ObjectReader objectReader = new ObjectReader(object, Keys.SCHEDULE, problems);
        if (object.whole()
                && !objectReader.has("start")
                && !objectReader.has("stop")
                && !objectReader.has("restart")) {
            problems.add(object.offset(), "'schedule' has no 'start', 'stop' or 'restart'");
        }
        CronReader crons = new CronReader(problems);
        @Nullable ExclusionReader exclusions =
                objectReader.has("except") ? new ExclusionReader(problems) : null;
        Schedule schedule =
                new Schedule(
                        crons.read(objectReader, "start"),
                        crons.read(objectReader, "stop"),
                        crons.read(objectReader, "restart"),
                        zone(objectReader),
                        missed(objectReader),
                        objectReader.duration("jitter", Duration.ZERO),
                        exclusions == null ? List.of() : exclusions.read(objectReader),
                        overlap(objectReader));
        if (exclusions != null) {
            exclusions.check(schedule);
        }
        return schedule;
    }

    private Schedule.Missed missed(ObjectReader objectReader) {
        return word(
                objectReader,
                "missed",
                Map.of("skip", Schedule.Missed.SKIP, "once", Schedule.Missed.ONCE),
                Schedule.Missed.LATE);
    }

    private Schedule.Overlap overlap(ObjectReader objectReader) {
        return word(
                objectReader,
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
            ObjectReader objectReader, String key, Map<String, E> words, E otherwise) {
        JsonValue.Text text = objectReader.text(key);
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

    private Optional<ZoneId> zone(ObjectReader objectReader) {
        JsonValue.Text text = objectReader.text("timezone");
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
