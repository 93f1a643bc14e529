package org.procmon.importing.draft;

import java.util.List;
import java.util.Map;

/**
 * A configuration under construction.
 *
 * @param comments the comment at its top, one element for each line
 * @param top its keys besides {@code processes} and {@code pools}
 */
public record ConfigDraft(
        List<String> comments,
        Map<String, Object> top,
        List<ProcessDraft> processes,
        List<ProcessDraft> pools) {
    public ConfigDraft(
            List<String> comments, Map<String, Object> top, List<ProcessDraft> processes) {
        this(comments, top, processes, List.of());
    }

    /** A configuration that has nothing but pools. */
    public static ConfigDraft ofPools(List<String> comments, List<ProcessDraft> pools) {
        return new ConfigDraft(comments, Map.of(), List.of(), pools);
    }
}
