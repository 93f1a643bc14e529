package org.procmon.importing.draft;

import java.util.List;
import java.util.Map;

/**
 * A configuration under construction.
 *
 * @param comments the comment at its top, one element for each line
 * @param top its keys besides {@code processes}
 */
public record ConfigDraft(
        List<String> comments, Map<String, Object> top, List<ProcessDraft> processes) {}
