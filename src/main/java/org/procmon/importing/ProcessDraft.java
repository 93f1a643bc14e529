package org.procmon.importing;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An entry of {@code processes} in the making.
 *
 * @param comment what is said above it; empty for nothing
 * @param keys its keys; the values are strings, numbers, flags, and lists and maps of such
 */
record ProcessDraft(String comment, Map<String, Object> keys) {
    /** An entry that always has these two. */
    static ProcessDraft of(String comment, String id, Object exec) {
        ProcessDraft processDraft = new ProcessDraft(comment, new LinkedHashMap<>());
        processDraft.put("id", id);
        processDraft.put("exec", exec);
        return processDraft;
    }

    void put(String key, Object value) {
        keys.put(key, value);
    }

    /** Puts a map unless it is empty. */
    void putSome(String key, Map<String, Object> members) {
        if (!members.isEmpty()) {
            keys.put(key, members);
        }
    }
}
