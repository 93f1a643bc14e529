package org.procmon.web;

import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;

/** The words that a part of a query may start with. */
enum QueryWord {
    LIST("list"),
    STATUS("status[=NAME]"),
    EXPLAIN("explain=NAME"),
    OUTPUT("output=NAME[&lines=N][&stream=stdout|stderr]"),
    EVENTS("events[=NAME]"),
    POOL("pool=NAME[&full][&json]"),
    START("start=NAME"),
    STOP("stop=NAME"),
    RESTART("restart=NAME"),
    WAIT("wait=0|1 beside start, stop or restart"),
    LINES(""),
    STREAM(""),
    FULL(""),
    JSON("");

    private static final QueryWord[] ALL = values();

    private final String usage;
    private final String word = name().toLowerCase(Locale.ROOT);

    /**
     * @param usage its syntax; empty if that of another word shows it
     */
    QueryWord(String usage) {
        this.usage = usage;
    }

    /** As written in a query. */
    String word() {
        return word;
    }

    static Optional<QueryWord> of(String text) {
        for (QueryWord one : ALL) {
            if (one.word.equals(text)) {
                return Optional.of(one);
            }
        }
        return Optional.empty();
    }

    /** The syntax of all of them, for a message. */
    static String usages() {
        StringJoiner usages = new StringJoiner(", ");
        for (QueryWord one : ALL) {
            if (!one.usage.isEmpty()) {
                usages.add(one.usage);
            }
        }
        return usages.toString();
    }
}
