package org.procmon.system.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the kernel tells of processes. Source: proc(5). */
final class ServerProcesses {
    private ServerProcesses() {}

    /** The living ones that have this assignment in their first environment. */
    static List<ProcessHandle> having(String assignment) {
        return ProcessHandle.allProcesses()
                .filter(process -> words(process.pid(), "environ").contains(assignment))
                .toList();
    }

    /** The program and its arguments; empty for a zombie. */
    static List<String> command(long pid) {
        return words(pid, "cmdline");
    }

    /** The user's number. */
    static int user(long pid) throws IOException {
        return (Integer) Files.getAttribute(Path.of("/proc/" + pid), "unix:uid");
    }

    /** How many sockets it has open. */
    static long sockets(long pid) {
        long sockets = 0;
        try (DirectoryStream<Path> open =
                Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            for (Path descriptor : open) {
                sockets += isSocket(descriptor) ? 1 : 0;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sockets;
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException _) {
            // Closed meanwhile.
            return false;
        }
    }

    /** Whether it is there and no zombie. */
    static boolean isAlive(long pid) {
        return !command(pid).isEmpty();
    }

    private static List<String> words(long pid, String file) {
        try {
            byte[] bytes = Files.readAllBytes(Path.of("/proc/" + pid, file));
            return bytes.length == 0
                    ? List.of()
                    : List.of(new String(bytes, ISO_8859_1).split("\0", -1));
        } catch (IOException _) {
            // It has ended, or is somebody else's and so none of ours.
            return List.of();
        }
    }
}
