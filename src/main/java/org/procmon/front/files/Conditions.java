package org.procmon.front.files;

import java.time.Instant;
import java.util.List;
import org.eclipse.jetty.http.HttpDateTime;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.QuotedCSV;
import org.jspecify.annotations.Nullable;

/**
 * What a client has already, as the conditions of a GET or HEAD say. A condition that cannot be
 * read does not count. Source: RFC 9110, section 13.
 */
final class Conditions {
    /** What is to be sent. */
    enum Outcome {
        SEND,
        /** 304. */
        NOT_MODIFIED,
        /** 412. */
        FAILED
    }

    private static final String WEAK = "W/";

    private final HttpFields fields;
    private final String tag;
    private final long modified;

    /**
     * @param tag a strong entity tag, in quotes
     */
    Conditions(HttpFields fields, String tag, Instant modified) {
        this.fields = fields;
        this.tag = tag;
        this.modified = modified.getEpochSecond();
    }

    /** In the order of section 13.2.2. */
    Outcome outcome() {
        List<String> match = fields.getValuesList(HttpHeader.IF_MATCH);
        if (!match.isEmpty()) {
            if (!isAny(match, false)) {
                return Outcome.FAILED;
            }
        } else if (isAfter(fields.get(HttpHeader.IF_UNMODIFIED_SINCE))) {
            return Outcome.FAILED;
        }
        List<String> noneMatch = fields.getValuesList(HttpHeader.IF_NONE_MATCH);
        if (!noneMatch.isEmpty()) {
            return isAny(noneMatch, true) ? Outcome.NOT_MODIFIED : Outcome.SEND;
        }
        String since = fields.get(HttpHeader.IF_MODIFIED_SINCE);
        boolean isKnown = seconds(since) >= 0 && !isAfter(since);
        return isKnown ? Outcome.NOT_MODIFIED : Outcome.SEND;
    }

    /** Whether a range is of the same file that the client has a part of. Section 13.1.5. */
    boolean isSameForRange() {
        String range = fields.get(HttpHeader.IF_RANGE);
        if (range == null) {
            return true;
        }
        return range.indexOf('"') >= 0 ? range.strip().equals(tag) : seconds(range) == modified;
    }

    private boolean isAny(List<String> values, boolean isWeak) {
        for (String one : new QuotedCSV(true, values.toArray(String[]::new))) {
            String compared = isWeak && one.startsWith(WEAK) ? one.substring(WEAK.length()) : one;
            if (one.equals("*") || compared.equals(tag)) {
                return true;
            }
        }
        return false;
    }

    private boolean isAfter(@Nullable String date) {
        long seconds = seconds(date);
        return seconds >= 0 && modified > seconds;
    }

    /** Since 1970; -1 if it is no date. */
    private static long seconds(@Nullable String date) {
        long millis = date == null ? -1 : HttpDateTime.parseToEpoch(date);
        return millis < 0 ? -1 : millis / 1000;
    }
}
