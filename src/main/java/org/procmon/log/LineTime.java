package org.procmon.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import org.slf4j.event.Level;

/** What stands before the level of a line in text, by what standard error is. */
enum LineTime {
    /** A person reads it now: the local time of day. */
    LOCAL,
    /** Read later, perhaps elsewhere: RFC 3339 in UTC. */
    UTC,
    /** systemd's journal notes the time itself, and takes a priority. Source: sd-daemon(3). */
    JOURNAL;

    private static final String JOURNAL_STREAM = "JOURNAL_STREAM";

    /**
     * @param stream a link to what standard error is, such as {@code /proc/self/fd/2}
     */
    static LineTime of(Map<String, String> environment, Path stream) {
        String journal = environment.getOrDefault(JOURNAL_STREAM, "");
        try {
            if (!journal.isEmpty() && journal.equals(deviceAndInode(stream))) {
                return JOURNAL;
            }
            String to = Files.readSymbolicLink(stream).toString();
            boolean terminal =
                    to.startsWith("/dev/pts/")
                            || to.startsWith("/dev/tty")
                            || to.equals("/dev/console");
            return terminal ? LOCAL : UTC;
        } catch (IOException | UnsupportedOperationException _) {
            return UTC;
        }
    }

    /** As {@code JOURNAL_STREAM} has them. Source: systemd.exec(5). */
    private static String deviceAndInode(Path stream) throws IOException {
        return Files.getAttribute(stream, "unix:dev")
                + ":"
                + Files.getAttribute(stream, "unix:ino");
    }

    /** With a blank at its end, if there is anything. */
    String before(long wallMillis, Level level) {
        return switch (this) {
            case LOCAL -> local(wallMillis, ZoneId.systemDefault()) + " ";
            case UTC -> utc(wallMillis) + " ";
            case JOURNAL -> priority(level);
        };
    }

    static String utc(long wallMillis) {
        long second = Math.floorDiv(wallMillis, 1000L);
        LocalDateTime at = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
        StringBuilder text = new StringBuilder(24);
        digits(text, 4, at.getYear()).append('-');
        digits(text, 2, at.getMonthValue()).append('-');
        digits(text, 2, at.getDayOfMonth()).append('T');
        time(text, at.toLocalTime()).append('.');
        return digits(text, 3, Math.floorMod(wallMillis, 1000)).append('Z').toString();
    }

    static String local(long wallMillis, ZoneId zone) {
        LocalTime at = LocalTime.ofInstant(Instant.ofEpochMilli(wallMillis), zone);
        return time(new StringBuilder(8), at).toString();
    }

    /** The priorities of syslog(3). */
    static String priority(Level level) {
        return switch (level) {
            case ERROR -> "<3>";
            case WARN -> "<4>";
            case INFO -> "<6>";
            case DEBUG, TRACE -> "<7>";
        };
    }

    private static StringBuilder time(StringBuilder text, LocalTime at) {
        digits(text, 2, at.getHour()).append(':');
        digits(text, 2, at.getMinute()).append(':');
        return digits(text, 2, at.getSecond());
    }

    private static StringBuilder digits(StringBuilder text, int count, int number) {
        String digits = Integer.toString(number);
        return text.append("0".repeat(Math.max(0, count - digits.length()))).append(digits);
    }
}
