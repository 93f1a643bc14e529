package org.procmon.app;

import org.procmon.posix.Descriptor;
import org.procmon.posix.Poller;

/**
 * Notices when the reader of this program's standard output exits. Otherwise a command that waits
 * for events would notice only when it writes the next one, which may never happen.
 */
final class StdoutReader {
    private static final Descriptor STANDARD_OUTPUT = new Descriptor(1);

    /** As shells report a program that SIGPIPE has killed. */
    private static final int BROKEN_PIPE = 141;

    private static final int KEY = 0;

    private StdoutReader() {}

    /** Exits this program when the reader is gone, now or later; a file has no reader. */
    static void endWith() {
        if (!StdoutReader.class.getModule().isNativeAccessEnabled()) {
            // Not started by the launcher: the next write will show it.
            return;
        }
        Poller poller = Poller.open();
        if (poller.addForEnd(STANDARD_OUTPUT, KEY)) {
            Thread.ofPlatform().daemon().name("output-reader").start(() -> awaitEnd(poller));
        } else {
            poller.close();
        }
    }

    private static void awaitEnd(Poller poller) {
        int[] keys = new int[1];
        while (poller.await(keys) == 0) {
            // A signal has arrived.
        }
        Runtime.getRuntime().halt(BROKEN_PIPE);
    }
}
