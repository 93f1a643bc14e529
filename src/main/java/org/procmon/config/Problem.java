package org.procmon.config;

/**
 * One error in a configuration file. Its text is {@code FILE:LINE:COLUMN: problem}, which editors
 * and terminals turn into a link.
 *
 * @param file as the user named it
 * @param line from 1; a problem of the whole file is at 1:1
 * @param column from 1, in characters (code points)
 * @param message what is wrong, in one line without control characters
 */
public record Problem(String file, int line, int column, String message) {
    @Override
    public String toString() {
        return file + ":" + line + ":" + column + ": " + message;
    }
}
