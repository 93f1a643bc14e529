package org.procmon.web;

/** A query that cannot be carried out; nothing of it is. */
final class BadQuery extends Exception {
    private static final long serialVersionUID = 1;

    private static final String QUERIES = "; the queries are " + QueryWord.usages();

    private final String reason;

    /**
     * @param reason what is wrong with the query, for the one who sent it
     */
    BadQuery(String reason) {
        super(reason);
        this.reason = "cannot carry out the query: " + reason + QUERIES;
    }

    /** What is wrong, and which queries there are. */
    String reason() {
        return reason;
    }
}
