package org.procmon.journal;

import java.util.concurrent.ThreadLocalRandom;

/** Numbers that no two journals share by chance. They need not be hard to guess. */
final class RandomId {
    private RandomId() {}

    /** At most sixteen hexadecimal digits. */
    static String next() {
        return Long.toHexString(ThreadLocalRandom.current().nextLong() ^ System.nanoTime());
    }
}
