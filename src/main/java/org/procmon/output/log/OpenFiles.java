package org.procmon.output.log;

import java.util.ArrayList;
import java.util.List;

/**
 * The open log files, up to a maximum number. The least recently used one is closed to make room
 * for the next. The pump's thread only.
 */
public final class OpenFiles {
    private final int most;
    private final List<LogFile> open = new ArrayList<>();
    private long uses;

    OpenFiles(int most) {
        this.most = most;
    }

    /** A number that increases with each use. */
    long use() {
        return ++uses;
    }

    void opened(LogFile file) {
        if (open.size() == most) {
            closeOne();
        }
        open.add(file);
    }

    void closed(LogFile file) {
        open.remove(file);
    }

    /** Makes room for another descriptor; false if none is open. */
    boolean closeOne() {
        if (open.isEmpty()) {
            return false;
        }
        LogFile oldest = open.getFirst();
        for (LogFile file : open) {
            if (file.lastUse() < oldest.lastUse()) {
                oldest = file;
            }
        }
        oldest.close();
        return true;
    }

    /** A copy of the list of open files. */
    public List<LogFile> all() {
        return List.copyOf(open);
    }
}
