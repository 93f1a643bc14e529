package org.procmon.importing.draft;

import java.util.Map;

/**
 * What the parts of one import share.
 *
 * @param environment the variables that are set here
 * @param ids the names that processes have
 * @param files the log files in use
 */
public record ImportContext(
        Map<String, String> environment, ImportWarnings notes, UniqueNames ids, LogFiles files) {
    public static ImportContext of(Map<String, String> environment) {
        ImportWarnings importWarnings = new ImportWarnings();
        return new ImportContext(
                environment,
                importWarnings,
                new UniqueNames(importWarnings),
                new LogFiles(importWarnings));
    }
}
