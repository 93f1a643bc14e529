package org.procmon.readiness.probe;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Parses the head of an HTTP answer as it arrives: possibly interim answers, which are skipped, and
 * then the final status. Header fields are read only where they matter, and a body never is. One
 * thread. Source: RFC 9110, section 15.2; RFC 9112, sections 2.1 to 5.
 */
final class ResponseHead {
    /** In bytes, of all interim answers and the header fields of the final one together. */
    private static final int LONGEST = 1 << 16;

    private static final int LONGEST_LINE = 1 << 13;
    private static final String LOCATION = "location:";
    private static final int FIRST_FINAL = 200;
    private static final int SWITCHING = 101;

    /** What has been parsed. */
    sealed interface Result {
        /** More bytes are needed. */
        record Part() implements Result {}

        /**
         * The final status.
         *
         * @param location the address of the answer, if the header has one
         */
        record Whole(int status, Optional<String> location) implements Result {}

        /** The answer is not HTTP; {@code empty} if there is none at all. */
        record Foreign(boolean empty) implements Result {}
    }

    private final StringBuilder line = new StringBuilder();
    private int length;

    /** The status of the answer being read; 0 before a status line. */
    private int status;

    private @Nullable String location;

    /** Adds bytes that have arrived. */
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

    /** The connection is closed; nothing more follows. */
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

    /** The answer is too long before its result is known. */
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

    /** The request asks for no other protocol, so 101 is not an interim answer. */
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
