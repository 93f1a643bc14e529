package org.procmon.importing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The limits of this process. Source: proc(5), limits. */
final class ProcessLimits {
    private ProcessLimits() {}

    /** The soft and the hard limit of a row such as {@code Max open files}. */
    static long[] of(String row) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
                if (line.startsWith(row + " ")) {
                    String[] words = line.substring(row.length()).strip().split(" +", -1);
                    return new long[] {number(words[0]), number(words[1])};
                }
            }
        } catch (IOException _) {
            // Then nothing is known of them.
        }
        return new long[] {0, 0};
    }

    private static long number(String text) {
        return text.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(text);
    }
}
