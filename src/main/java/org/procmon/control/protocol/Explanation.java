package org.procmon.control.protocol;

import java.util.List;

/**
 * Why a process is as it is.
 *
 * @param process the process
 * @param chain what it waits for, what those wait for, and so on down to the roots; the nearest
 *     first, each once
 * @param lastWords the last lines that it wrote to its standard error, or to what that goes to;
 *     empty if they are not kept
 * @param outlook what comes next and when, or what it would take, in words
 */
public record Explanation(
        ProcessRow process, List<Link> chain, List<String> lastWords, String outlook) {
    public Explanation {
        chain = List.copyOf(chain);
        lastWords = List.copyOf(lastWords);
    }

    /**
     * A process that another one waits for.
     *
     * @param state its state's name; empty if there is no such process any more
     * @param cause why it is in that state, in words
     */
    public record Link(String name, String state, String cause) {}
}
