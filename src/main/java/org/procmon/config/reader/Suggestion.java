package org.procmon.config.reader;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;

/**
 * Finds the word that was meant by a misspelt one: the nearest by inserted, dropped, replaced and
 * swapped characters (optimal string alignment), if it is near enough to be a typing error.
 */
public final class Suggestion {
    private static final int MOST_TYPOS = 2;

    private Suggestion() {}

    /** {@code , did you mean 'X'?}, or nothing if no candidate is near. */
    public static String forWord(String word, Collection<String> candidates) {
        int limit = Math.min(MOST_TYPOS, word.length() / 3);
        String wanted = word.toLowerCase(Locale.ROOT);
        String best = "";
        for (String candidate : candidates) {
            int distance = distance(wanted, candidate.toLowerCase(Locale.ROOT), limit);
            boolean nearer = distance < limit || (distance == limit && best.isEmpty());
            // Of equally near candidates, the alphabetically first, whatever their order.
            if (nearer || (distance == limit && candidate.compareTo(best) < 0)) {
                best = candidate;
                limit = distance;
            }
        }
        return best.isEmpty() ? "" : ", did you mean '" + Problems.shown(best) + "'?";
    }

    /**
     * The distance, or more than the limit; looks only at the diagonals that can stay within it.
     */
    private static int distance(String a, String b, int limit) {
        if (Math.abs(a.length() - b.length()) > limit) {
            return limit + 1;
        }
        int far = limit + 1;
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        Arrays.fill(beforeLast, far);
        for (int j = 0; j <= b.length(); j++) {
            last[j] = Math.min(j, far);
        }
        for (int i = 1; i <= a.length(); i++) {
            int from = Math.max(1, i - limit);
            int to = Math.min(b.length(), i + limit);
            row[from - 1] = from == 1 ? Math.min(i, far) : far;
            int nearest = row[from - 1];
            for (int j = from; j <= to; j++) {
                boolean same = a.charAt(i - 1) == b.charAt(j - 1);
                int steps = Math.min(row[j - 1], j < i + limit ? last[j] : far) + 1;
                steps = Math.min(steps, last[j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && isSwap(a, b, i, j)) {
                    steps = Math.min(steps, beforeLast[j - 2] + 1);
                }
                row[j] = Math.min(steps, far);
                nearest = Math.min(nearest, row[j]);
            }
            if (nearest > limit) {
                return far;
            }
            int[] spare = beforeLast;
            beforeLast = last;
            last = row;
            row = spare;
        }
        return last[b.length()];
    }

    private static boolean isSwap(String a, String b, int i, int j) {
        return a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    }
}
