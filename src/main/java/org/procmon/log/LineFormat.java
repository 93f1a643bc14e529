package org.procmon.log;

/** Writes an event as text. */
interface LineFormat {
    /** The whole line, with its end. */
    String line(LogLine line);
}
