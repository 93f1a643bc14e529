package org.procmon.output.log;

import java.util.ArrayList;
import java.util.List;

/**
 * The log files that are open now. There are not more than so many; the one that was not used for
 * longest is closed for the next. The pump's thread only.
 */
public final class OpenFiles {
    private final int most;
    private final List<LogFile> open = new ArrayList<>();
    private long uses;

    OpenFiles(int most) {
        this.most = most;
    }

    /** A number that is larger for each use. */
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

    /** Those that are open, in a list of its own. */
    public List<LogFile> all() {
        return List.copyOf(open);
    }
}
