package org.procmon.config.reader;

import java.time.Month;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.procmon.config.Cron;
import org.procmon.config.RelativeDay;

/**
 * Reads times as cron writes them: minute, hour, day of the month, month and day of the week, after
 * a second if there are six fields; or one of the names for such times. Source: crontab(5), and
 * Quartz for {@code ?}, {@code L}, {@code W} and {@code #}.
 */
final class CronReader {
    static final String FORM =
            "5 fields (minute, hour, day of the month, month, day of the week), or 6 with the"
                    + " second before them";
    private static final int FIELDS = 5;

    /** Quartz has a seventh field. */
    private static final int WITH_YEAR = 7;

    private static final Map<String, String> NAMES =
            Map.of(
                    "@yearly", "0 0 1 1 *",
                    "@annually", "0 0 1 1 *",
                    "@monthly", "0 0 1 * *",
                    "@weekly", "0 0 * * 0",
                    "@daily", "0 0 * * *",
                    "@midnight", "0 0 * * *",
                    "@hourly", "0 * * * *");

    private record Word(String text, int index) {}

    /** Aborts the reading of an expression; the reason has been reported. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1;
    }

    private final Problems problems;

    CronReader(Problems problems) {
        this.problems = problems;
    }

    /** Reads points in time: without a field for seconds, the second is 0. */
    Optional<Cron> read(ObjectReader objectReader, String key) {
        JsonValue.Text text = objectReader.text(key);
        return text == null ? Optional.empty() : read("'" + key + "'", text, 1);
    }

    /** Reads periods of time: without a field for seconds, they cover the whole minute. */
    Optional<Cron> readStretches(String what, JsonValue.Text text) {
        return read(what, text, Cron.EVERY_SECOND);
    }

    private Optional<Cron> read(String what, JsonValue.Text text, long seconds) {
        try {
            return Optional.of(cron(what, text, seconds));
        } catch (Refused _) {
            return Optional.empty();
        }
    }

    private Cron cron(String what, JsonValue.Text text, long seconds) throws Refused {
        List<Word> words = words(what, text);
        int from = words.size() - FIELDS;
        Word day = words.get(from + 2);
        Word weekday = words.get(from + 4);
        long second =
                from == 0 ? seconds : field(text, CronField.SECOND, words.getFirst()).values();
        long minutes = field(text, CronField.MINUTE, words.get(from)).values();
        long hours = field(text, CronField.HOUR, words.get(from + 1)).values();
        CronFieldReader days = field(text, CronField.DAY, day);
        long months = field(text, CronField.MONTH, words.get(from + 3)).values();
        CronFieldReader weekdays = field(text, CronField.WEEKDAY, weekday);
        List<RelativeDay> relativeDays = new ArrayList<>(days.relativeDays());
        relativeDays.addAll(weekdays.relativeDays());
        Cron cron =
                new Cron(
                        text.value(),
                        second,
                        minutes,
                        hours,
                        days.values(),
                        months,
                        weekdays.values(),
                        relativeDays);
        boolean starred = day.text().startsWith("*") || weekday.text().startsWith("*");
        if (cron.hasDays() && cron.hasWeekdays() && starred) {
            throw refused(
                    text,
                    day,
                    "'*/' in one of day of the month and day of the week asks for both to fit,"
                            + " which is not supported; list the days instead");
        }
        if (cron.isNever()) {
            throw refused(text, day, what + " never comes: " + never(cron));
        }
        return cron;
    }

    /** The fields, or those that a name stands for. */
    private List<Word> words(String what, JsonValue.Text text) throws Refused {
        List<Word> words = split(text.value());
        if (words.size() == 1 && words.getFirst().text().startsWith("@")) {
            return named(what, text, words.getFirst());
        }
        if (words.size() == FIELDS || words.size() == FIELDS + 1) {
            return words;
        }
        if (words.size() > 1 && words.getFirst().text().equalsIgnoreCase("@every")) {
            throw refused(
                    text,
                    words.getFirst(),
                    what + " cannot be '@every'; write a step, such as '*/5 * * * *'");
        }
        if (words.size() == WITH_YEAR) {
            throw refused(
                    text,
                    words.getLast(),
                    what + " has 7 fields: a field for the year is not supported");
        }
        problems.badText(what, FORM, text);
        throw new Refused();
    }

    private List<Word> named(String what, JsonValue.Text text, Word word) throws Refused {
        String name = word.text().toLowerCase(Locale.ROOT);
        String fields = NAMES.get(name);
        if (fields != null) {
            // These fields are always valid, so their places in the text do not matter.
            return split(fields);
        }
        if (name.equals("@reboot")) {
            throw refused(
                    text,
                    word,
                    what
                            + " cannot be '@reboot': without 'start', the process starts with the"
                            + " monitor");
        }
        throw refused(
                text,
                word,
                what
                        + " cannot be '"
                        + Problems.shown(word.text())
                        + "': the names are "
                        + String.join(", ", NAMES.keySet().stream().sorted().toList())
                        + Suggestion.forWord(word.text(), NAMES.keySet()));
    }

    private static String never(Cron cron) {
        List<Integer> months = Cron.values(cron.months()).boxed().toList();
        List<Integer> days = Cron.values(cron.days()).boxed().toList();
        if (months.size() == 1 && days.size() == 1 && cron.relativeDays().isEmpty()) {
            Month month = Month.of(months.getFirst());
            return month.getDisplayName(TextStyle.FULL, Locale.ENGLISH)
                    + " has no day "
                    + days.getFirst();
        }
        return "there is no such day";
    }

    private static List<Word> split(String text) {
        List<Word> words = new ArrayList<>();
        int start = -1;
        for (int i = 0; i <= text.length(); i++) {
            boolean blank = i == text.length() || text.charAt(i) == ' ' || text.charAt(i) == '\t';
            if (!blank && start < 0) {
                start = i;
            } else if (blank && start >= 0) {
                words.add(new Word(text.substring(start, i), start));
                start = -1;
            }
        }
        return words;
    }

    private CronFieldReader field(JsonValue.Text text, CronField field, Word word) throws Refused {
        try {
            return new CronFieldReader(field).read(word.text());
        } catch (CronFieldReader.Refused e) {
            throw refused(text, new Word(word.text(), word.index() + e.index), e.message());
        }
    }

    private Refused refused(JsonValue.Text text, Word at, String message) {
        problems.addInside(text, at.index(), message);
        return new Refused();
    }
}
