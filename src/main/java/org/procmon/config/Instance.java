package org.procmon.config;

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
    public static final String VARIABLE = "PROCMON_INSTANCE";

    /** The name of the process. */
    public String id() {
        return group + "." + number;
    }
}
