package org.procmon.web;

import java.util.ArrayList;
import java.util.List;
import org.procmon.http.HttpAnswer;

/**
 * The answers to the commands of one query, joined: a single one stays as it is; several of JSON
 * become the elements of one array, so that they are one document; otherwise their bodies follow
 * one another, as plain text unless all have the same type. Empty bodies do not count.
 */
final class JoinedAnswer {
    /** The size limit of the answers to several commands together, in bytes. */
    static final int MOST_BYTES = 4 << 20;

    private final List<HttpAnswer> answers = new ArrayList<>();
    private long bytes;

    /** Adds the next one; false if they exceed the limit together. */
    boolean add(HttpAnswer httpAnswer) {
        answers.add(httpAnswer);
        bytes += httpAnswer.length();
        return answers.size() == 1 || bytes <= MOST_BYTES;
    }

    HttpAnswer whole() {
        List<HttpAnswer> parts =
                answers.stream().filter(httpAnswer -> httpAnswer.length() > 0).toList();
        HttpAnswer whole =
                parts.size() > 1
                        ? HttpAnswer.joined(parts)
                        : parts.isEmpty() ? answers.getFirst() : parts.getFirst();
        return answers.stream().anyMatch(HttpAnswer::isAccepted) ? whole.accepted() : whole;
    }
}
