package org.procmon.importing.draft;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The limits of this process. Source: proc(5), limits. */
public final class ProcessLimits {
    /** The kernel's default. */
    private static final long DEFAULT_MOST_FILES = 1 << 20;

    private static final int LONGEST_NUMBER = 32;

    private ProcessLimits() {}

    /** The soft and the hard limit of a row such as {@code Max open files}. */
    public static long[] of(String row) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
                if (line.startsWith(row + " ")) {
                    String[] words = line.substring(row.length()).strip().split(" +", -1);
                    return new long[] {number(words[0]), number(words[1])};
                }
            }
        } catch (IOException _) {
            // Then the limits are unknown.
        }
        return new long[] {0, 0};
    }

    /** The most open files that the kernel permits a process. Source: proc(5), nr_open. */
    public static long mostFiles() {
        try (InputStream in = Files.newInputStream(Path.of("/proc/sys/fs/nr_open"))) {
            // The kernel returns the number in one read, if the buffer is long enough.
            byte[] bytes = new byte[LONGEST_NUMBER];
            int length = Math.max(0, in.read(bytes));
            return Long.parseLong(new String(bytes, 0, length, StandardCharsets.US_ASCII).strip());
        } catch (IOException | NumberFormatException _) {
            return DEFAULT_MOST_FILES;
        }
    }

    private static long number(String text) {
        return text.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(text);
    }
}
