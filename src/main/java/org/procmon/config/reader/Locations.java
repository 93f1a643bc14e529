package org.procmon.config.reader;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.procmon.config.Problem;
import org.procmon.config.Strings;

/**
 * Where the keys of processes are in their files, for problems of a valid configuration that are
 * found later. Holds the files, so do not keep it for long.
 */
public final class Locations {
    private final Sources sources;
    private final Map<String, JsonValue.Members> processes = new HashMap<>();

    Locations(Sources sources) {
        this.sources = sources;
    }

    void add(String process, JsonValue.Members object) {
        processes.put(process, object);
    }

    /**
     * A problem with a value of a process.
     *
     * @param keys from the outermost in; in an array, the number of an element. If a key is
     *     missing, the place is that of the previous one, or of the process
     */
    public Problem problem(String process, List<String> keys, String message) {
        JsonValue jsonValue = of(process);
        for (String key : keys) {
            JsonValue next = within(jsonValue, key);
            if (next.equals(jsonValue)) {
                break;
            }
            jsonValue = next;
        }
        return sources.at(jsonValue.offset())
                .problem(jsonValue.offset(), Problems.harmless(message));
    }

    /** Whether the file contains this key of a process, with any value. */
    public boolean has(String process, List<String> keys) {
        JsonValue jsonValue = of(process);
        for (String key : keys) {
            JsonValue next = within(jsonValue, key);
            if (next.equals(jsonValue)) {
                return false;
            }
            jsonValue = next;
        }
        return true;
    }

    private JsonValue.Members of(String process) {
        JsonValue.Members node = processes.get(process);
        if (node == null) {
            throw new IllegalArgumentException("no process is called " + process);
        }
        return node;
    }

    /** The member or element; the same node if there is none. */
    private static JsonValue within(JsonValue jsonValue, String key) {
        if (jsonValue instanceof JsonValue.Members object && object.members().containsKey(key)) {
            return object.members().get(key).value();
        }
        if (jsonValue instanceof JsonValue.Items items && Strings.isDigits(key)) {
            int index = Integer.parseInt(key);
            return index < items.values().size() ? items.values().get(index) : jsonValue;
        }
        return jsonValue;
    }
}
