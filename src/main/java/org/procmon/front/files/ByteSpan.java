package org.procmon.front.files;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/**
 * A part of a file that a client wants. Source: RFC 9110, section 14.
 *
 * @param first the offset of its first byte
 * @param length in bytes; at least 1
 */
record ByteSpan(long first, long length) {
    private static final String UNIT = "bytes=";
    private static final Pattern SPAN = Pattern.compile("(\\d{0,18})-(\\d{0,18})");

    /** More are not worth their heads; then the whole file is sent. */
    private static final int MOST = 16;

    /**
     * The parts that a request asks for.
     *
     * @param size of the file, in bytes
     * @return empty if the whole file is to be sent; no part if the file has none of those
     */
    static Optional<List<ByteSpan>> wanted(HttpFields fields, long size) {
        List<String> values = fields.getValuesList(HttpHeader.RANGE);
        if (values.size() != 1 || !values.getFirst().toLowerCase(Locale.ROOT).startsWith(UNIT)) {
            return Optional.empty();
        }
        String[] wanted = values.getFirst().substring(UNIT.length()).split(",", MOST + 1);
        if (wanted.length > MOST) {
            return Optional.empty();
        }
        List<ByteSpan> spans = new ArrayList<>();
        long all = 0;
        for (String one : wanted) {
            Matcher matcher = SPAN.matcher(one.strip());
            if (!matcher.matches() || one.strip().equals("-")) {
                return Optional.empty();
            }
            Optional<ByteSpan> span = span(matcher.group(1), matcher.group(2), size);
            span.ifPresent(spans::add);
            all += span.map(ByteSpan::length).orElse(0L);
        }
        // They overlap: that is no client's need.
        return all > size ? Optional.empty() : Optional.of(List.copyOf(spans));
    }

    private static Optional<ByteSpan> span(String first, String last, long size) {
        if (first.isEmpty()) {
            long length = Math.min(Long.parseLong(last), size);
            return length == 0
                    ? Optional.empty()
                    : Optional.of(new ByteSpan(size - length, length));
        }
        long from = Long.parseLong(first);
        long to = last.isEmpty() ? size - 1 : Math.min(Long.parseLong(last), size - 1);
        return from >= size || to < from
                ? Optional.empty()
                : Optional.of(new ByteSpan(from, to - from + 1));
    }

    /** As {@code Content-Range} has it. */
    String text(long size) {
        return "bytes " + first + "-" + (first + length - 1) + "/" + size;
    }
}
