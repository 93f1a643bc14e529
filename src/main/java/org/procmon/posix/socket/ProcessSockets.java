package org.procmon.posix.socket;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.procmon.posix.ProcFile;
import org.procmon.posix.Processes;

/** The sockets that a process has open. Any thread. Source: proc(5), {@code /proc/PID/fd}. */
public final class ProcessSockets {
    private static final String SOCKET = "socket:[";

    private ProcessSockets() {}

    /**
     * The inode of the socket behind each descriptor that is one, in the order of the descriptors.
     * Empty if the process has exited or may not be looked into. Reads a link for each descriptor.
     */
    public static Optional<Map<Integer, Long>> of(int pid) {
        String folder = "/proc/" + pid + "/fd";
        Map<Integer, Long> sockets = new TreeMap<>();
        try {
            for (int number : Processes.numbers(folder)) {
                ProcFile.link(folder + "/" + number).stream()
                        .flatMapToLong(link -> inode(link).stream())
                        .forEach(inode -> sockets.put(number, inode));
            }
        } catch (IllegalStateException _) {
            return Optional.empty();
        }
        return Optional.of(sockets);
    }

    private static OptionalLong inode(String link) {
        return link.startsWith(SOCKET) && link.endsWith("]")
                ? OptionalLong.of(Long.parseLong(link, SOCKET.length(), link.length() - 1, 10))
                : OptionalLong.empty();
    }
}
