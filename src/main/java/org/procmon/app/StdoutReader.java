package org.procmon.app;

import org.procmon.posix.Descriptor;
import org.procmon.posix.Poller;

/**
 * Whoever reads the standard output of this program. A command that waits for events learns only
 * when it writes the next one that nobody reads it any more, and that may take for ever.
 */
final class StdoutReader {
    private static final Descriptor STANDARD_OUTPUT = new Descriptor(1);

    /** As shells tell it of a program that SIGPIPE has killed. */
    private static final int BROKEN_PIPE = 141;

    private static final int KEY = 0;

    private StdoutReader() {}

    /** Ends this program when the reader goes, be it now or later; a file has none. */
    static void endWith() {
        if (!StdoutReader.class.getModule().isNativeAccessEnabled()) {
            // Started otherwise than by the launcher: the next line to be written will tell.
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
            // A signal has come.
        }
        Runtime.getRuntime().halt(BROKEN_PIPE);
    }
}
