package org.procmon.importing;

import java.util.Map;

/**
 * What the parts of one import share.
 *
 * @param environment the variables that are set here
 * @param ids the names that are given to processes
 * @param files the log files that are in use
 */
record Surroundings(Map<String, String> environment, Notes notes, Ids ids, LogFiles files) {
    static Surroundings of(Map<String, String> environment) {
        Notes notes = new Notes();
        return new Surroundings(environment, notes, new Ids(notes), new LogFiles(notes));
    }
}
