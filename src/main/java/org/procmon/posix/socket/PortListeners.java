package org.procmon.posix.socket;

import java.util.List;
import java.util.Locale;
import org.procmon.posix.ProcFile;

/** The TCP listeners of this machine. Any thread. Source: proc(5), {@code /proc/net/tcp}. */
public final class PortListeners {
    private static final List<String> FILES = List.of("/proc/net/tcp", "/proc/net/tcp6");
    private static final int MOST_BYTES = 16 << 20;
    private static final int LOCAL = 1;
    private static final int STATE = 3;
    private static final String LISTENING = "0A";

    private PortListeners() {}

    /** How many sockets listen on a port, on whatever address, and whichever process has them. */
    public static int count(int port) {
        String ending = ":%04X".formatted(port);
        int count = 0;
        for (String file : FILES) {
            for (String line : ProcFile.text(file, MOST_BYTES).orElse("").split("\n", -1)) {
                String[] words = line.strip().split(" +", -1);
                if (words.length > STATE
                        && words[STATE].equals(LISTENING)
                        && words[LOCAL].toUpperCase(Locale.ROOT).endsWith(ending)) {
                    count++;
                }
            }
        }
        return count;
    }
}
