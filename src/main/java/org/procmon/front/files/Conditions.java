package org.procmon.front.files;

import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpDateTime;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
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

    /** Section 8.8.3; commas may be in it. */
    private static final Pattern TAG = Pattern.compile("(W/)?(\"[^\"]*\")");

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
        for (String value : values) {
            if (value.strip().equals("*")) {
                return true;
            }
            Matcher one = TAG.matcher(value);
            while (one.find()) {
                if ((isWeak || one.group(1) == null) && one.group(2).equals(tag)) {
                    return true;
                }
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
