package org.procmon.readiness.probe;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an HTTP answer begins with, as it comes in: perhaps interim answers, which are skipped, and
 * then the status that counts. Header fields are read only where they matter, and a body never is.
 * One thread. Source: RFC 9110, section 15.2; RFC 9112, sections 2.1 to 5.
 */
final class ResponseHead {
    /** In bytes, of all interim answers and the fields of the last one together. */
    private static final int LONGEST = 1 << 16;

    private static final int LONGEST_LINE = 1 << 13;
    private static final String LOCATION = "location:";
    private static final int FIRST_FINAL = 200;
    private static final int SWITCHING = 101;

    /** How much of it there is. */
    sealed interface Result {
        /** Not enough to tell. */
        record Part() implements Result {}

        /**
         * The status that counts.
         *
         * @param location where else the answer is, if it says so; empty if it does not
         */
        record Whole(int status, Optional<String> location) implements Result {}

        /** It is something else than HTTP; nothing at all if {@code empty}. */
        record Foreign(boolean empty) implements Result {}
    }

    private final StringBuilder line = new StringBuilder();
    private int length;

    /** Of the answer whose fields are being read; 0 before a status line. */
    private int status;

    private @Nullable String location;

    /** Takes what has come. */
    Result take(byte[] bytes, int count) {
        for (int i = 0; i < count; i++) {
            char c = (char) (bytes[i] & 0xff);
            if (c != '\n') {
                line.append(c);
            } else {
                Optional<Result> result = lineEnds();
                if (result.isPresent()) {
                    return result.get();
                }
            }
        }
        length += count;
        return length > LONGEST || line.length() > LONGEST_LINE ? broken() : new Result.Part();
    }

    /** Nothing more will come. */
    Result end() {
        boolean empty = length == 0;
        if (!line.isEmpty()) {
            Optional<Result> result = lineEnds();
            if (result.isPresent()) {
                return result.get();
            }
        }
        return status == 0 ? new Result.Foreign(empty) : whole();
    }

    /** So long before it tells what counts. */
    private Result broken() {
        return status == 0 ? new Result.Foreign(false) : whole();
    }

    private Result whole() {
        return new Result.Whole(status, Optional.ofNullable(location));
    }

    private Optional<Result> lineEnds() {
        int end = line.length();
        if (end > 0 && line.charAt(end - 1) == '\r') {
            end--;
        }
        String text = line.substring(0, end);
        line.setLength(0);
        if (status == 0) {
            status = status(text);
            if (status < 0) {
                return Optional.of(new Result.Foreign(false));
            }
            return needsFields() ? Optional.empty() : Optional.of(whole());
        }
        if (text.isEmpty()) {
            if (isInterim()) {
                status = 0;
                return Optional.empty();
            }
            return Optional.of(whole());
        }
        if (location == null && text.toLowerCase(Locale.ROOT).startsWith(LOCATION)) {
            location = text.substring(LOCATION.length()).strip();
        }
        return Optional.empty();
    }

    private boolean needsFields() {
        return isInterim() || isRedirect(status);
    }

    /** Nobody has asked for another protocol, so that is no interim answer. */
    private boolean isInterim() {
        return status < FIRST_FINAL && status != SWITCHING;
    }

    static boolean isRedirect(int status) {
        return switch (status) {
            case 301, 302, 303, 307, 308 -> true;
            default -> false;
        };
    }

    /** The number in {@code HTTP/1.1 200 OK}; -1 if this is no such line. */
    private static int status(String line) {
        boolean good =
                line.length() >= 12
                        && line.startsWith("HTTP/1.")
                        && line.charAt(8) == ' '
                        && line.charAt(9) != '0'
                        && line.substring(9, 12).chars().allMatch(c -> c >= '0' && c <= '9')
                        && (line.length() == 12 || line.charAt(12) == ' ');
        return good ? Integer.parseInt(line.substring(9, 12)) : -1;
    }
}
