package org.procmon.importing.systemd;

import java.util.LinkedHashMap;
import java.util.Map;
import org.procmon.importing.draft.ProcessDraft;

/**
 * A service that was read.
 *
 * @param draft the process that it becomes, with the unit's settings
 * @param usual the defaults for keys that the unit does not set
 */
record ServiceUnit(LoadedUnit unit, ProcessDraft draft, Map<String, Object> usual) {
    /** Writes the defaults into the process itself. */
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
