package org.procmon.config.reader;

import java.util.ArrayList;
import java.util.List;

/**
 * The texts of all files of a configuration, one after another: an offset identifies both the file
 * and the place in it.
 */
final class Sources {
    /** The number of characters that all files may have together. */
    static final int LARGEST = 256 << 20;

    private final List<Source> all = new ArrayList<>();

    /** Whether a file with this many bytes may still be added. */
    boolean hasRoomFor(int bytes) {
        return bytes <= LARGEST - end();
    }

    /** Adds a file after the others. */
    Source add(String name, char[] text, int length) {
        Source source = new Source(name, text, length, end());
        all.add(source);
        return source;
    }

    /** The file that contains an offset. */
    Source at(int offset) {
        int low = 0;
        int high = all.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (all.get(middle).base() <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return all.get(low);
    }

    /** One more than the last offset of the last file, where something may be missing. */
    private int end() {
        return all.isEmpty() ? 0 : all.getLast().end() + 1;
    }
}
