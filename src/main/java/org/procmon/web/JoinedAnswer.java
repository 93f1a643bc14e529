package org.procmon.web;

import java.util.ArrayList;
import java.util.List;

/**
 * The answers to the commands of one query, as one: a single one as it is; several of JSON as the
 * elements of one array, so that they are one document; else their bodies one after the other, as
 * plain text unless they have one type in common. Empty bodies do not count.
 */
final class JoinedAnswer {
    /** What the answers to several commands may be together, in bytes. */
    static final int MOST_BYTES = 4 << 20;

    private final List<HttpAnswer> answers = new ArrayList<>();
    private long bytes;

    /** Takes the next one; false if they are too much together. */
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
