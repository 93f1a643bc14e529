package org.procmon.control.protocol;

import java.util.List;

/**
 * Why a process is in its state.
 *
 * @param process the process
 * @param chain what it waits for, what those wait for, and so on to the roots; the nearest first,
 *     each once
 * @param lastWords the last lines of its standard error, or of the file that it goes to; empty if
 *     they are not kept
 * @param outlook what happens next and when, or what is needed, in words
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
     * @param state its state's name; empty if the process does not exist
     * @param cause why it is in that state, in words
     */
    public record Link(String name, String state, String cause) {}
}
