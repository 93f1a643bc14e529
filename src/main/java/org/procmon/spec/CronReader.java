package org.procmon.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads the fields of cron: minute, hour, day of the month, month and day of the week, after a
 * second if there are six. Source: crontab(5).
 */
final class CronReader {
    private static final String FORM =
            "5 fields (minute, hour, day of the month, month, day of the week), or 6 with the"
                    + " second before them";
    private static final int SUNDAY_TOO = 7;

    private enum Unit {
        SECOND("second", 0, 59, ""),
        MINUTE("minute", 0, 59, ""),
        HOUR("hour", 0, 23, ""),
        DAY("day of the month", 1, 31, ""),
        MONTH("month", 1, 12, "jan feb mar apr may jun jul aug sep oct nov dec"),
        WEEKDAY("day of the week", 0, SUNDAY_TOO, "sun mon tue wed thu fri sat");

        private final String word;
        private final int least;
        private final int most;
        private final String names;

        Unit(String word, int least, int most, String names) {
            this.word = word;
            this.least = least;
            this.most = most;
            this.names = names;
        }

        private int indexOfName(String name) {
            return List.of(names.split(" ", -1)).indexOf(name.toLowerCase(Locale.ROOT));
        }
    }

    private record Word(String text, int index) {}

    /** Ends the reading of an expression; it has been reported why. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1;
    }

    private final Problems problems;

    CronReader(Problems problems) {
        this.problems = problems;
    }

    Optional<Cron> read(Section section, String key) {
        Node.Text text = section.text(key);
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(cron(key, text));
        } catch (Refused _) {
            return Optional.empty();
        }
    }

    private Cron cron(String key, Node.Text text) throws Refused {
        List<Word> words = words(text.value());
        if (words.size() != 5 && words.size() != 6) {
            problems.badText("'" + key + "'", FORM, text);
            throw new Refused();
        }
        int from = words.size() - 5;
        Word day = words.get(from + 2);
        Word weekday = words.get(from + 4);
        Cron cron =
                new Cron(
                        text.value(),
                        from == 0 ? 1 : field(text, Unit.SECOND, words.getFirst()),
                        field(text, Unit.MINUTE, words.get(from)),
                        field(text, Unit.HOUR, words.get(from + 1)),
                        field(text, Unit.DAY, day),
                        field(text, Unit.MONTH, words.get(from + 3)),
                        withOneSunday(field(text, Unit.WEEKDAY, weekday)));
        boolean starred = day.text().startsWith("*") || weekday.text().startsWith("*");
        if (cron.hasDays() && cron.hasWeekdays() && starred) {
            throw refused(
                    text,
                    day,
                    "'*/' in one of day of the month and day of the week asks for both to fit,"
                            + " which is not supported; list the days instead");
        }
        if (cron.isNever()) {
            throw refused(text, day, "'" + key + "' never comes: there is no such day");
        }
        return cron;
    }

    private static long withOneSunday(long weekdays) {
        long sundayToo = 1L << SUNDAY_TOO;
        return (weekdays & sundayToo) == 0 ? weekdays : (weekdays | 1) & ~sundayToo;
    }

    private static List<Word> words(String text) {
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

    private long field(Node.Text text, Unit unit, Word word) throws Refused {
        long values = 0;
        int index = word.index();
        for (String part : word.text().split(",", -1)) {
            values |= part(text, unit, new Word(part, index));
            index += part.length() + 1;
        }
        return values;
    }

    /** {@code *}, a value or a range, perhaps with a step. */
    private long part(Node.Text text, Unit unit, Word part) throws Refused {
        int slash = part.text().indexOf('/');
        String range = slash < 0 ? part.text() : part.text().substring(0, slash);
        int dash = range.indexOf('-');
        int least = unit.least;
        int most = unit == Unit.WEEKDAY ? SUNDAY_TOO - 1 : unit.most;
        if (dash >= 0) {
            least = value(text, unit, part, range.substring(0, dash));
            most = value(text, unit, part, range.substring(dash + 1));
        } else if (!range.equals("*")) {
            least = value(text, unit, part, range);
            most = slash < 0 ? least : most;
        }
        if (most < least) {
            throw refused(text, part, shown(part) + " ends before it begins");
        }
        int step = slash < 0 ? 1 : step(text, unit, part, part.text().substring(slash + 1));
        long values = 0;
        for (int value = least; value <= most; value += step) {
            values |= 1L << value;
        }
        return values;
    }

    private int value(Node.Text text, Unit unit, Word part, String value) throws Refused {
        int name = value.isEmpty() ? -1 : unit.indexOfName(value);
        int number = name < 0 ? number(value) : name + unit.least;
        if (number < unit.least || number > unit.most) {
            throw refused(
                    text,
                    part,
                    shown(part)
                            + " is no "
                            + unit.word
                            + ": it must be from "
                            + unit.least
                            + " to "
                            + unit.most
                            + (unit.names.isEmpty() ? "" : ", or a name"));
        }
        return number;
    }

    private int step(Node.Text text, Unit unit, Word part, String step) throws Refused {
        int number = number(step);
        if (number < 1 || number > unit.most) {
            throw refused(
                    text, part, "the step of " + shown(part) + " must be from 1 to " + unit.most);
        }
        return number;
    }

    private static int number(String text) {
        return Strings.isDigits(text) && text.length() <= 2 ? Integer.parseInt(text) : -1;
    }

    private static String shown(Word part) {
        return "'" + Problems.shown(part.text()) + "'";
    }

    private Refused refused(Node.Text text, Word at, String message) {
        problems.addInside(text, at.index(), message);
        return new Refused();
    }
}
