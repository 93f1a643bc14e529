package org.procmon.config.reader;

import java.util.List;
import java.util.Locale;
import org.procmon.config.Strings;

/** The fields of a cron expression, in their order. */
enum CronField {
    SECOND("second", 0, 59, ""),
    MINUTE("minute", 0, 59, ""),
    HOUR("hour", 0, 23, ""),
    DAY("day of the month", 1, 31, ""),
    MONTH("month", 1, 12, "jan feb mar apr may jun jul aug sep oct nov dec"),
    WEEKDAY("day of the week", 0, 7, "sun mon tue wed thu fri sat");

    private static final int SUNDAY_TOO = 7;

    private final String word;
    private final int least;
    private final int most;
    private final String names;

    CronField(String word, int least, int most, String names) {
        this.word = word;
        this.least = least;
        this.most = most;
        this.names = names;
    }

    String word() {
        return word;
    }

    int least() {
        return least;
    }

    /** The greatest distinct value: Sunday is 0, not 7. */
    int most() {
        return this == WEEKDAY ? SUNDAY_TOO - 1 : most;
    }

    int longestStep() {
        return most;
    }

    /** A number or a name; Sunday is 0. -1 if the text is not a value of this field. */
    int value(String text) {
        int name = names().indexOf(text.toLowerCase(Locale.ROOT));
        int number = name < 0 ? number(text) : name + least;
        if (number < least || number > most) {
            return -1;
        }
        return this == WEEKDAY && number == SUNDAY_TOO ? 0 : number;
    }

    /** The message about a text that is not a value of this field. */
    String complaint(String text) {
        String named = names.isEmpty() ? "" : ", or a name";
        return "it must be from " + least + " to " + most + named + suggestion(text);
    }

    private String suggestion(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        for (String name : names()) {
            if (lower.startsWith(name)) {
                return ", did you mean '" + name + "'?";
            }
        }
        return Suggestion.forWord(text, names());
    }

    private List<String> names() {
        return names.isEmpty() ? List.of() : List.of(names.split(" ", -1));
    }

    static int number(String text) {
        return Strings.isDigits(text) && text.length() <= 2 ? Integer.parseInt(text) : -1;
    }
}
