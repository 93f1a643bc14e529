package org.procmon.status.fields;

/** The time in a state, in the format of upstream's {@code since}. */
public final class StateAge {
    private StateAge() {}

    /**
     * Formats whole seconds: {@code 13s}, {@code 12m01s}, {@code 1h02m03s}, {@code 3d12h45m37s}.
     *
     * @param millis a duration in milliseconds; a negative one counts as zero
     */
    public static String text(long millis) {
        StringBuilder text = new StringBuilder(16);
        append(text, millis);
        return text.toString();
    }

    /** Appends what {@link #text} returns. */
    public static void append(StringBuilder text, long millis) {
        long seconds = Math.max(millis, 0) / 1000;
        long minutes = seconds / 60;
        long hours = minutes / 60;
        long days = hours / 24;
        if (days > 0) {
            text.append(days).append('d');
        }
        if (hours > 0) {
            padded(text, hours % 24, days > 0).append('h');
        }
        if (minutes > 0) {
            padded(text, minutes % 60, hours > 0).append('m');
        }
        padded(text, seconds % 60, minutes > 0).append('s');
    }

    private static StringBuilder padded(StringBuilder text, long number, boolean twoDigits) {
        if (twoDigits && number < 10) {
            text.append('0');
        }
        return text.append(number);
    }
}
