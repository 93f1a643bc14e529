package org.procmon.importing.draft;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An entry of {@code processes} or {@code pools} under construction.
 *
 * @param comment the comment above it; empty for none
 * @param keys its keys; the values are strings, numbers, flags, and lists and maps of such
 */
public record ProcessDraft(String comment, Map<String, Object> keys) {
    /** An entry with these two required keys. */
    public static ProcessDraft of(String comment, String id, Object exec) {
        ProcessDraft processDraft = new ProcessDraft(comment, new LinkedHashMap<>());
        processDraft.put("id", id);
        processDraft.put("exec", exec);
        return processDraft;
    }

    public void put(String key, Object value) {
        keys.put(key, value);
    }

    /** Puts a map unless it is empty. */
    public void putSome(String key, Map<String, Object> members) {
        if (!members.isEmpty()) {
            keys.put(key, members);
        }
    }
}
