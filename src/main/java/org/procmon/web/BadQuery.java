package org.procmon.web;

/** A query that cannot be executed; no part of it is. */
final class BadQuery extends Exception {
    private static final long serialVersionUID = 1;

    private static final String QUERIES = "; the queries are " + QueryWord.usages();

    private final String reason;

    /**
     * @param reason what is wrong with the query, for its sender
     */
    BadQuery(String reason) {
        super(reason);
        this.reason = "cannot carry out the query: " + reason + QUERIES;
    }

    /** What is wrong, and the valid queries. */
    String reason() {
        return reason;
    }
}
