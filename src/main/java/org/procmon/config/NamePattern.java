package org.procmon.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * The names that a user selects: one name, a glob, or {@code all} for every name.
 *
 * <p>In a glob {@code *} stands for any characters, {@code ?} for one, {@code [a-z]} for one of a
 * set and {@code [!a-z]} or {@code [^a-z]} for one outside of it. A {@code [} without a closing
 * {@code ]} stands for itself. Matching reads a name once, whatever the pattern. It follows all
 * possible matches at the same time, 64 places of the pattern in each step, so no pattern can hang
 * the monitor.
 *
 * <p>Source: glob(7), without slashes and leading dots, which have no special meaning in a name.
 */
public final class NamePattern {
    /** The word that selects every name. */
    public static final String EVERY_NAME = "all";

    /** Names consist of these, see {@link ProcessName}; their matches are computed in advance. */
    private static final int USUAL_CHARACTERS = 128;

    private sealed interface Piece {
        boolean fits(char c);
    }

    private record Exactly(char wanted) implements Piece {
        @Override
        public boolean fits(char c) {
            return c == wanted;
        }
    }

    private record OneOf(BitSet set, boolean inverted) implements Piece {
        @Override
        public boolean fits(char c) {
            return set.get(c) != inverted;
        }
    }

    private record AnyOne() implements Piece {
        @Override
        public boolean fits(char c) {
            return true;
        }
    }

    private final String text;

    /** One for each character to match, without the stars. */
    private final List<Piece> pieces;

    /** One bit for each place before a piece, and for the end: whether there is a star. */
    private final long[] stars;

    /**
     * For each usual character, one bit for each piece that it matches, in as many words as needed;
     * empty if the pattern has no wildcard.
     */
    private final long[] fitting;

    private NamePattern(String text, List<Piece> pieces, long[] stars, boolean wild) {
        this.text = text;
        this.pieces = pieces;
        this.stars = stars;
        fitting = new long[wild ? USUAL_CHARACTERS * stars.length : 0];
        for (int c = 0; c * stars.length < fitting.length; c++) {
            fit((char) c, fitting, c * stars.length);
        }
    }

    /** Reads a pattern; every text is valid. */
    public static NamePattern of(String text) {
        if (text.equals(EVERY_NAME)) {
            return new NamePattern(text, List.of(), new long[] {1}, true);
        }
        List<Piece> pieces = new ArrayList<>();
        long[] stars = new long[text.length() / Long.SIZE + 1];
        boolean wild = false;
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            int close = c == '[' ? closeOfSet(text, at) : -1;
            if (close > 0) {
                pieces.add(set(text, at + 1, close));
                at = close;
            } else if (c == '*') {
                stars[pieces.size() / Long.SIZE] |= 1L << pieces.size();
            } else {
                pieces.add(c == '?' ? new AnyOne() : new Exactly(c));
            }
            wild |= close > 0 || c == '*' || c == '?';
            at++;
        }
        long[] used = Arrays.copyOf(stars, pieces.size() / Long.SIZE + 1);
        return new NamePattern(text, List.copyOf(pieces), used, wild);
    }

    /** Whether it is a plain name without wildcards. */
    public boolean isName() {
        return fitting.length == 0;
    }

    /** Whether the pattern selects the name. */
    public boolean matches(String name) {
        return isName() ? text.equals(name) : stars.length == 1 ? fitsShort(name) : fits(name);
    }

    /**
     * A set bit means that the characters read so far can end before that piece. The next character
     * moves the bit past the piece if it matches, and keeps it in place if there is a star.
     */
    private boolean fitsShort(String name) {
        long reached = 1;
        long star = stars[0];
        for (int i = 0; i < name.length() && reached != 0; i++) {
            char c = name.charAt(i);
            long fit = c < fitting.length ? fitting[c] : fitting(c)[0];
            reached = ((reached & fit) << 1) | (reached & star);
        }
        return (reached >> pieces.size() & 1) != 0;
    }

    /** The same for patterns with more pieces than a word has bits. */
    private boolean fits(String name) {
        long[] reached = new long[stars.length];
        reached[0] = 1;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean usual = c < USUAL_CHARACTERS;
            long[] fit = usual ? fitting : fitting(c);
            int first = usual ? c * reached.length : 0;
            long carry = 0;
            for (int word = 0; word < reached.length; word++) {
                long taken = reached[word] & fit[first + word];
                reached[word] = (taken << 1) | carry | (reached[word] & stars[word]);
                carry = taken >>> (Long.SIZE - 1);
            }
        }
        return (reached[pieces.size() / Long.SIZE] >> pieces.size() & 1) != 0;
    }

    private long[] fitting(char c) {
        long[] bits = new long[stars.length];
        fit(c, bits, 0);
        return bits;
    }

    private void fit(char c, long[] bits, int first) {
        for (int i = 0; i < pieces.size(); i++) {
            if (pieces.get(i).fits(c)) {
                bits[first + i / Long.SIZE] |= 1L << i;
            }
        }
    }

    /** The pattern as it was given. */
    @Override
    public String toString() {
        return text;
    }

    /**
     * The index of the bracket that closes the set, or -1; a bracket in first place is a member.
     */
    private static int closeOfSet(String text, int open) {
        int first = open + 1;
        if (first < text.length() && isInverter(text.charAt(first))) {
            first++;
        }
        return text.indexOf(']', first + 1);
    }

    private static OneOf set(String text, int from, int to) {
        boolean inverted = isInverter(text.charAt(from));
        BitSet set = new BitSet();
        int at = inverted ? from + 1 : from;
        while (at < to) {
            char low = text.charAt(at);
            boolean range = at + 2 < to && text.charAt(at + 1) == '-';
            char high = range ? text.charAt(at + 2) : low;
            if (low <= high) {
                set.set(low, high + 1);
            }
            at += range ? 3 : 1;
        }
        return new OneOf(set, inverted);
    }

    private static boolean isInverter(char c) {
        return c == '!' || c == '^';
    }
}
