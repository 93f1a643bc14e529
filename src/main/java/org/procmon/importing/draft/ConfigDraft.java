package org.procmon.importing.draft;

import java.util.List;
import java.util.Map;

/**
 * A configuration in the making.
 *
 * @param comments what is said at its top, a line each
 * @param top its keys beside {@code processes}
 */
public record ConfigDraft(
        List<String> comments, Map<String, Object> top, List<ProcessDraft> processes) {}
