package org.procmon.web;

import java.util.ArrayList;
import java.util.List;

/**
 * The answers to the commands of one query, as one: a single one as it is; several of JSON as the
 * elements of one array, so that they are one document; else their bodies one after the other, as
 * plain text unless they have one type in common. Empty bodies do not count.
 */
final class Joined {
    /** What the answers to several commands may be together, in bytes. */
    static final int MOST_BYTES = 4 << 20;

    private final List<Answer> answers = new ArrayList<>();
    private long bytes;

    /** Takes the next one; false if they are too much together. */
    boolean add(Answer answer) {
        answers.add(answer);
        bytes += answer.length();
        return answers.size() == 1 || bytes <= MOST_BYTES;
    }

    Answer whole() {
        List<Answer> parts = answers.stream().filter(answer -> answer.length() > 0).toList();
        Answer whole =
                parts.size() > 1
                        ? Answer.joined(parts)
                        : parts.isEmpty() ? answers.getFirst() : parts.getFirst();
        return answers.stream().anyMatch(Answer::isAccepted) ? whole.accepted() : whole;
    }
}
