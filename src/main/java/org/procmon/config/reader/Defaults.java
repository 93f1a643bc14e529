package org.procmon.config.reader;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The {@code defaults}: keys for every process that does not set them. In {@code env} each variable
 * is a default of its own. A later {@code defaults} object beats an earlier one.
 */
final class Defaults {
    static final Defaults NONE = new Defaults(new JsonValue.Members(0, Map.of(), true));

    private static final String ENV = "env";
    private static final String RESTART = "restart";
    private static final String MONITORED = "monitored";

    private final JsonValue.Members object;

    private Defaults(JsonValue.Members object) {
        this.object = object;
    }

    /** These defaults, overridden by the given object. */
    Defaults and(JsonValue.@Nullable Members newer) {
        return newer == null ? this : new Defaults(applied(newer));
    }

    boolean has(String key) {
        return object.members().containsKey(key);
    }

    /** Those of some keys. */
    Defaults only(Collection<String> keys) {
        Map<String, JsonValue.Member> some = new LinkedHashMap<>(object.members());
        some.keySet().retainAll(keys);
        return new Defaults(new JsonValue.Members(object.offset(), some, object.whole()));
    }

    /** The object, completed by these defaults. */
    JsonValue.Members applied(JsonValue.Members process) {
        if (object.members().isEmpty()) {
            return process;
        }
        Map<String, JsonValue.Member> said = process.members();
        Map<String, JsonValue.Member> all = new LinkedHashMap<>(said);
        for (Map.Entry<String, JsonValue.Member> entry : object.members().entrySet()) {
            String key = entry.getKey();
            // Both keys set the same thing.
            boolean otherwise =
                    (key.equals(RESTART) && said.containsKey(MONITORED))
                            || (key.equals(MONITORED) && said.containsKey(RESTART));
            if (!otherwise) {
                all.merge(key, entry.getValue(), (own, usual) -> both(key, own, usual));
            }
        }
        return new JsonValue.Members(process.offset(), all, process.whole());
    }

    private static JsonValue.Member both(String key, JsonValue.Member own, JsonValue.Member usual) {
        if (!key.equals(ENV)
                || !(own.value() instanceof JsonValue.Members ours)
                || !(usual.value() instanceof JsonValue.Members theirs)) {
            return own;
        }
        Map<String, JsonValue.Member> variables = new LinkedHashMap<>(theirs.members());
        variables.putAll(ours.members());
        return new JsonValue.Member(
                own.offset(), new JsonValue.Members(ours.offset(), variables, ours.whole()));
    }
}
