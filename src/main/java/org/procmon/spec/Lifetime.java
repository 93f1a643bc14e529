package org.procmon.spec;

/**
 * What the end of a process means.
 *
 * @param essential whether the monitor shuts down when this process is down and stays so by itself
 */
public record Lifetime(boolean essential) {
    /** It means nothing to others. */
    public static final Lifetime DEFAULT = new Lifetime(false);
}
