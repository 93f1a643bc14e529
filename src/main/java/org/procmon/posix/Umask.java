package org.procmon.posix;

import java.lang.foreign.MemorySegment;

/**
 * Which permissions new files do not get. One that takes them from the owner too, or gives others
 * what they should not have, is for the children of this process alone: its own files are to have
 * the modes that it asks for. Any thread. Source: umask(2).
 *
 * <p>It belongs to the whole process, so it is that of the children for the moment in which one is
 * made, and what another thread makes in that moment has it too.
 */
public final class Umask {
    private static final int OF_THE_OWNER = 0700;
    private static final int OTHERS_WRITE = 0022;

    private static final MemorySegment UMASK = Native.function("umask");

    /** Guards what follows. */
    private static final Object LOCK = new Object();

    private static int given;

    /** Whether this process's own is another one. */
    private static volatile boolean differs;

    private static int own;

    /** How many children are being made now. */
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
     * Goes back to the umask that was given, until {@link #restore}. Several threads may have it so
     * at a time. On a thread that can load no class, once this one is loaded.
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

    /** Ends what {@link #giveBack} began. */
    static void restore() {
        if (differs) {
            synchronized (LOCK) {
                if (--making == 0) {
                    Native.call(UMASK, own);
                }
            }
        }
    }

    /** Whether files that are made just now may not get the mode that was asked for. */
    static boolean isUncertain() {
        return differs;
    }
}
