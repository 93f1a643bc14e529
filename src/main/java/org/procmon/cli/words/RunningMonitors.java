package org.procmon.cli.words;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.procmon.bytes.BytePath;
import org.procmon.control.protocol.SocketLocation;

/**
 * Finds the monitors of this machine whose state directories this user can read: by the listening
 * sockets that the kernel names, and the pid in the lock file beside each. Source: proc(5), {@code
 * /proc/net/unix}.
 */
public final class RunningMonitors {
    private static final String LOCK = "lock";
    private static final String LISTENS = "00010000";
    private static final int FLAGS = 3;
    private static final int PATH = 7;

    /** A message is to be read. */
    private static final int MOST = 4;

    private RunningMonitors() {}

    /** The end of a message that there is no monitor. */
    public static String hint() {
        return hint(Path.of("/proc"));
    }

    static String hint(Path proc) {
        Set<String> found = find(proc);
        if (found.isEmpty()) {
            return "; 'procmon run FILE' starts one, --state-dir or "
                    + SocketLocation.VARIABLE
                    + " names another one's directory";
        }
        StringJoiner all = new StringJoiner(", ");
        found.stream().limit(MOST).forEach(all::add);
        return "; running: " + all + (found.size() > MOST ? " and others" : "");
    }

    private static Set<String> find(Path proc) {
        Set<String> found = new LinkedHashSet<>();
        try (Stream<String> lines = Files.lines(proc.resolve("net/unix"))) {
            lines.map(line -> line.split(" +", PATH + 1))
                    .filter(cells -> cells.length > PATH && cells[FLAGS].equals(LISTENS))
                    .map(cells -> cells[PATH])
                    .filter(path -> path.startsWith("/"))
                    .filter(path -> path.endsWith("/" + SocketLocation.SOCKET))
                    .sorted()
                    .forEach(path -> add(BytePath.of(path), proc, found));
        } catch (IOException | RuntimeException _) {
            // What cannot be read, or is no text, is not named.
        }
        return found;
    }

    private static void add(Path socket, Path proc, Set<String> found) {
        Path folder = socket.getParent();
        if (folder == null) {
            return;
        }
        try {
            String pid = Files.readString(folder.resolve(LOCK)).strip();
            if (pid.matches("[0-9]{1,10}") && Files.exists(proc.resolve(pid))) {
                found.add("--state-dir " + folder + " (pid " + pid + ")");
            }
        } catch (IOException | RuntimeException _) {
            // It is another user's, or another program's.
        }
    }
}
