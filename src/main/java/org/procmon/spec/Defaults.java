package org.procmon.spec;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code defaults} says: the keys of every process that does not say otherwise. Of {@code env}
 * each variable counts for itself. A later object of defaults goes before an earlier one.
 */
final class Defaults {
    static final Defaults NONE = new Defaults(new Node.Members(0, Map.of(), true));

    private static final String ENV = "env";
    private static final String RESTART = "restart";
    private static final String MONITORED = "monitored";

    private final Node.Members object;

    private Defaults(Node.Members object) {
        this.object = object;
    }

    /** These, but for what the object says. */
    Defaults and(Node.@Nullable Members newer) {
        return newer == null ? this : new Defaults(applied(newer));
    }

    /** The object with what it does not say. */
    Node.Members applied(Node.Members process) {
        if (object.members().isEmpty()) {
            return process;
        }
        Map<String, Node.Member> said = process.members();
        Map<String, Node.Member> all = new LinkedHashMap<>(said);
        for (Map.Entry<String, Node.Member> entry : object.members().entrySet()) {
            String key = entry.getKey();
            // Two words for one thing.
            boolean otherwise =
                    (key.equals(RESTART) && said.containsKey(MONITORED))
                            || (key.equals(MONITORED) && said.containsKey(RESTART));
            if (!otherwise) {
                all.merge(key, entry.getValue(), (own, usual) -> both(key, own, usual));
            }
        }
        return new Node.Members(process.offset(), all, process.whole());
    }

    private static Node.Member both(String key, Node.Member own, Node.Member usual) {
        if (!key.equals(ENV)
                || !(own.value() instanceof Node.Members ours)
                || !(usual.value() instanceof Node.Members theirs)) {
            return own;
        }
        Map<String, Node.Member> variables = new LinkedHashMap<>(theirs.members());
        variables.putAll(ours.members());
        return new Node.Member(
                own.offset(), new Node.Members(ours.offset(), variables, ours.whole()));
    }
}
