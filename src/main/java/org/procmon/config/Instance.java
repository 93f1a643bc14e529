package org.procmon.config;

import java.util.Optional;

/**
 * One of several processes that an entry with {@code instances} stands for.
 *
 * @param group the entry's {@code id}
 * @param number from 1
 */
public record Instance(String group, int number) {
    /** The maximum number of instances of an entry. */
    public static final int MOST = 1000;

    /** The variable that holds a process's number. */
    static final String VARIABLE = "PROCMON_INSTANCE";

    private static final int MOST_DIGITS = 4;

    /** The instance that a process of this name is, if its name is one of an instance. */
    public static Optional<Instance> named(String name) {
        int dot = name.lastIndexOf('.');
        String digits = name.substring(dot + 1);
        boolean isNumber =
                dot > 0
                        && !digits.isEmpty()
                        && digits.length() <= MOST_DIGITS
                        && digits.charAt(0) != '0'
                        && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return isNumber
                ? Optional.of(new Instance(name.substring(0, dot), Integer.parseInt(digits)))
                : Optional.empty();
    }

    /** The name of the process. */
    public String id() {
        return group + "." + number;
    }
}
