package org.procmon.posix;

import java.lang.foreign.MemorySegment;

/**
 * The permissions that new files do not get. A umask that takes them from the owner too, or gives
 * other users too much, applies only to the children of this process: its own files must have the
 * modes that it asks for. Any thread. Source: umask(2).
 *
 * <p>It belongs to the whole process, so it is that of the children for the moment in which one is
 * made, and also applies to files that another thread makes in that moment.
 */
public final class Umask {
    private static final int OF_THE_OWNER = 0700;
    private static final int OTHERS_WRITE = 0022;

    private static final MemorySegment UMASK = Native.function("umask");

    /** Guards what follows. */
    private static final Object LOCK = new Object();

    private static int given;

    /** Whether this process's own umask differs. */
    private static volatile boolean differs;

    private static int own;

    /** The number of children being made now. */
    private static int making;

    private Umask() {}

    /** From now on this process's own files have the modes that it asks for. */
    public static void makeUsual() {
        synchronized (LOCK) {
            int found = Native.call(UMASK, OTHERS_WRITE);
            own = (found & ~OF_THE_OWNER) | OTHERS_WRITE;
            Native.call(UMASK, own);
            given = found;
            differs = own != given;
        }
    }

    /**
     * Restores the original umask, until {@link #restore}. Several threads may do so at a time. May
     * run on a thread that can load no class, once this class is loaded.
     */
    static void giveBack() {
        if (differs) {
            synchronized (LOCK) {
                if (making++ == 0) {
                    Native.call(UMASK, given);
                }
            }
        }
    }

    /** Reverses {@link #giveBack}. */
    static void restore() {
        if (differs) {
            synchronized (LOCK) {
                if (--making == 0) {
                    Native.call(UMASK, own);
                }
            }
        }
    }

    /** Whether files that are made just now may not get the requested mode. */
    static boolean isUncertain() {
        return differs;
    }
}
