package org.procmon.status.fields;

import java.util.List;

/** Why a process is in its state. What each value means is in its table. */
public record Explanation(
        ProcessRow process, List<Link> chain, List<String> lastWords, String outlook)
        implements Explained {
    public Explanation {
        chain = List.copyOf(chain);
        lastWords = List.copyOf(lastWords);
    }

    private static final FieldTable.Builder<Explanation> T =
            new FieldTable.Builder<>("Explanation");

    private static final Field<Explanation, ProcessRow> PROCESS =
            T.field("process", FieldType.object(ProcessFields.TABLE), Explanation::process)
                    .means("the process, as in `status`");

    private static final Field<Explanation, List<Link>> CHAIN =
            T.field("chain", FieldType.objects(Link.TABLE), Explanation::chain)
                    .means(
                            "what it waits for, what those wait for, and so on down to the roots;"
                                    + " the nearest first, each once");

    private static final Field<Explanation, List<String>> LAST_WORDS =
            T.field("last_words", FieldType.TEXTS, Explanation::lastWords)
                    .means("the last lines of its standard error, if they are kept");

    private static final Field<Explanation, String> OUTLOOK =
            T.field("outlook", FieldType.TEXT, Explanation::outlook)
                    .means("what comes next and when, or what is needed for it, in words");

    /** The keys of an explanation. */
    public static final FieldTable<Explanation> TABLE =
            T.table(values ->
                    new Explanation(
                            values.get(PROCESS),
                            values.get(CHAIN),
                            values.get(LAST_WORDS),
                            values.get(OUTLOOK)));

    /** A process that another one waits for. */
    public record Link(String name, String state, String cause) {
        private static final FieldTable.Builder<Link> T = new FieldTable.Builder<>("Link");

        private static final Field<Link, String> NAME =
                T.field("name", FieldType.TEXT, Link::name).means("its name");

        private static final Field<Link, String> STATE =
                T.field("state", FieldType.TEXT, Link::state)
                        .means("its state; empty if it was deleted");

        private static final Field<Link, String> CAUSE =
                T.field("cause", FieldType.TEXT, Link::cause)
                        .means("why it is in that state, in words");

        /** The keys of each item of a chain. */
        static final FieldTable<Link> TABLE =
                T.table(values -> new Link(values.get(NAME), values.get(STATE), values.get(CAUSE)));
    }
}
