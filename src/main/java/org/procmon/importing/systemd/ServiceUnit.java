package org.procmon.importing.systemd;

import java.util.LinkedHashMap;
import java.util.Map;
import org.procmon.importing.draft.ProcessDraft;

/**
 * A service that was read.
 *
 * @param draft the process that it becomes, with what the unit says
 * @param usual the keys that hold where the unit says nothing else
 */
public record ServiceUnit(LoadedUnit unit, ProcessDraft draft, Map<String, Object> usual) {
    /** Writes what is usual into the process itself. */
    void putUsual() {
        Map<String, Object> keys = draft.keys();
        usual.forEach((key, value) -> {
            if (value instanceof Map<?, ?> variables && keys.get(key) instanceof Map<?, ?> own) {
                Map<Object, Object> both = new LinkedHashMap<>(variables);
                both.putAll(own);
                keys.put(key, both);
            } else {
                keys.putIfAbsent(key, value);
            }
        });
    }
}
