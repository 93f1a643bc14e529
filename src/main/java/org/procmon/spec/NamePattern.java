package org.procmon.spec;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The names that a user means: one name, a glob, or {@code all} for every name.
 *
 * <p>In a glob {@code *} stands for any characters, {@code ?} for one, {@code [a-z]} for one of a
 * set and {@code [!a-z]} or {@code [^a-z]} for one outside of it. A {@code [} that no {@code ]}
 * closes stands for itself. Matching takes time proportional to the pattern times the name at
 * worst, so no pattern can hang the monitor.
 *
 * <p>Source: glob(7), without slashes and leading dots, which mean nothing special in a name.
 */
public final class NamePattern {
    /** The word that means every name. */
    public static final String EVERY_NAME = "all";

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

    private record Any(boolean many) implements Piece {
        @Override
        public boolean fits(char c) {
            return true;
        }
    }

    private final String text;
    private final List<Piece> pieces;

    private NamePattern(String text, List<Piece> pieces) {
        this.text = text;
        this.pieces = pieces;
    }

    /** Reads a pattern; every text is one. */
    public static NamePattern of(String text) {
        if (text.equals(EVERY_NAME)) {
            return new NamePattern(text, List.of(new Any(true)));
        }
        List<Piece> pieces = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            int close = c == '[' ? closeOfSet(text, at) : -1;
            if (close > 0) {
                pieces.add(set(text, at + 1, close));
                at = close;
            } else if (c == '*' || c == '?') {
                pieces.add(new Any(c == '*'));
            } else {
                pieces.add(new Exactly(c));
            }
            at++;
        }
        return new NamePattern(text, List.copyOf(pieces));
    }

    /** Whether the name is meant. */
    public boolean matches(String name) {
        int at = 0;
        int piece = 0;
        int star = -1;
        int retry = 0;
        while (at < name.length()) {
            if (piece < pieces.size() && isMany(piece)) {
                star = piece++;
                retry = at;
            } else if (piece < pieces.size() && pieces.get(piece).fits(name.charAt(at))) {
                piece++;
                at++;
            } else if (star >= 0) {
                // Only the last star needs to give way: what an earlier one could do, it can too.
                piece = star + 1;
                at = ++retry;
            } else {
                return false;
            }
        }
        while (piece < pieces.size() && isMany(piece)) {
            piece++;
        }
        return piece == pieces.size();
    }

    /** The pattern as it was given. */
    @Override
    public String toString() {
        return text;
    }

    private boolean isMany(int piece) {
        return pieces.get(piece) instanceof Any any && any.many();
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
