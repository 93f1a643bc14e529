package org.procmon.config;

import java.util.BitSet;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * The processors that a process may run on, as in {@code taskset -c}. Source: cpuset(7), "List
 * format".
 *
 * @param text numbers and ranges in ascending order, {@code 0-3,8}
 */
public record CpuSet(String text) {
    /** The highest number, more than any kernel has. */
    public static final int LAST = 8191;

    private static final int MOST_DIGITS = 4;

    /** Reads {@code 2}, {@code 0-3} and {@code 0-3,8}; empty if it is none of these. */
    public static Optional<CpuSet> parse(String text) {
        BitSet cpus = new BitSet();
        for (String part : text.strip().split(",", -1)) {
            String[] ends = part.strip().split("-", -1);
            int first = number(ends[0]);
            int last = ends.length == 1 ? first : number(ends[1]);
            if (ends.length > 2 || first < 0 || last < first) {
                return Optional.empty();
            }
            cpus.set(first, last + 1);
        }
        return Optional.of(of(cpus));
    }

    private static int number(String digits) {
        boolean isNumber =
                !digits.isEmpty()
                        && digits.length() <= MOST_DIGITS
                        && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        int number = isNumber ? Integer.parseInt(digits) : -1;
        return number <= LAST ? number : -1;
    }

    private static CpuSet of(BitSet cpus) {
        StringJoiner text = new StringJoiner(",");
        int first = cpus.nextSetBit(0);
        while (first >= 0) {
            int last = cpus.nextClearBit(first) - 1;
            text.add(first == last ? "" + first : first + "-" + last);
            first = cpus.nextSetBit(last + 1);
        }
        return new CpuSet(text.toString());
    }

    /** Those that others do not have; empty if they have all. */
    public Optional<CpuSet> without(CpuSet others) {
        BitSet left = numbers();
        left.andNot(others.numbers());
        return left.isEmpty() ? Optional.empty() : Optional.of(of(left));
    }

    private BitSet numbers() {
        BitSet cpus = new BitSet();
        for (String part : text.split(",", -1)) {
            int dash = part.indexOf('-');
            int first = Integer.parseInt(dash < 0 ? part : part.substring(0, dash));
            int last = Integer.parseInt(part.substring(dash + 1));
            cpus.set(first, last + 1);
        }
        return cpus;
    }
}
