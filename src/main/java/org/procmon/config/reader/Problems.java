package org.procmon.config.reader;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Supplier;
import org.procmon.config.Problem;

/**
 * Collects the problems of a configuration and keeps the first ones in the order of its files.
 * Messages are created only for those, so a file with a million problems is refused as fast as any.
 */
final class Problems {
    private static final int LONGEST_QUOTE = 60;

    private record Found(int offset, int sequence, Supplier<String> message)
            implements Comparable<Found> {
        @Override
        public int compareTo(Found other) {
            return offset == other.offset
                    ? Integer.compare(sequence, other.sequence)
                    : Integer.compare(offset, other.offset);
        }
    }

    private record Muted(int from, int to) {}

    private final Sources sources;
    private final List<Muted> muted = new ArrayList<>();
    private final int most;
    private final PriorityQueue<Found> kept;
    private int count;

    Problems(Sources sources, int most) {
        this.sources = sources;
        this.most = most;
        this.kept = new PriorityQueue<>(Collections.reverseOrder());
    }

    void add(int offset, String message) {
        add(offset, () -> message);
    }

    void add(int offset, Supplier<String> message) {
        for (Muted part : muted) {
            if (offset >= part.from() && offset < part.to()) {
                return;
            }
        }
        kept.add(new Found(offset, count++, message));
        if (kept.size() > most + 1) {
            kept.remove();
        }
    }

    /** Suppresses further problems in a part that has some already. */
    void mute(int from, int to) {
        muted.add(new Muted(from, to));
    }

    /** A value is of the wrong kind. */
    void wrongKind(String what, String expected, JsonValue found) {
        add(found.offset(), what + " must be " + expected + ", found " + found.kind());
    }

    /** A string has the wrong content. */
    void badText(String what, String expected, JsonValue.Text found) {
        add(
                found.offset(),
                () -> what + " must be " + expected + ", found \"" + shown(found.value()) + "\"");
    }

    /** A problem with one character of a string. */
    void addInside(JsonValue.Text text, int index, String message) {
        add(sources.at(text.offset()).inside(text.offset(), index), message);
    }

    boolean isEmpty() {
        return count == 0;
    }

    int count() {
        return count;
    }

    /** Describes a place in words, as seen from another place. */
    String where(int offset, int from) {
        Source source = sources.at(offset);
        String line = "line " + source.line(offset);
        return source.equals(sources.at(from)) ? line : line + " of " + source.name();
    }

    int line(int offset) {
        return sources.at(offset).line(offset);
    }

    List<Problem> inFileOrder() {
        List<Found> sorted = new ArrayList<>(kept);
        Collections.sort(sorted);
        List<Problem> problems = new ArrayList<>();
        for (Found found : sorted) {
            boolean over = problems.size() == most;
            String message = over ? "and " + more(count - most) : found.message().get();
            problems.add(sources.at(found.offset()).problem(found.offset(), message));
        }
        return problems;
    }

    private static String more(int n) {
        return n == 1 ? "1 more problem" : n + " more problems";
    }

    /** A user's text, shortened and without characters that control a terminal. */
    static String shown(String text) {
        return text.length() <= LONGEST_QUOTE
                ? harmless(text)
                : harmless(text.substring(0, LONGEST_QUOTE)) + "…";
    }

    /** The text with control characters and halves of surrogate pairs written as escapes. */
    static String harmless(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints()
                .forEach(c -> {
                    int type = Character.getType(c);
                    if (type == Character.CONTROL
                            || type == Character.FORMAT
                            || type == Character.SURROGATE
                            || type == Character.LINE_SEPARATOR
                            || type == Character.PARAGRAPH_SEPARATOR) {
                        out.append(String.format("\\u%04x", c));
                    } else {
                        out.appendCodePoint(c);
                    }
                });
        return out.toString();
    }
}
