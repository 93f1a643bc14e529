package org.procmon.system.pool;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** How often the thread of the pools has slept. Source: proc(5). */
final class PoolThreadSwitches {
    private static final String KEY = "voluntary_ctxt_switches:";

    private final Path thread;

    private PoolThreadSwitches(Path thread) {
        this.thread = thread;
    }

    static PoolThreadSwitches of(int monitor) throws IOException {
        try (DirectoryStream<Path> threads =
                Files.newDirectoryStream(Path.of("/proc/" + monitor + "/task"))) {
            for (Path thread : threads) {
                if (Files.readString(thread.resolve("comm")).equals("pools\n")) {
                    return new PoolThreadSwitches(thread);
                }
            }
        }
        throw new AssertionError("the monitor has no thread 'pools'");
    }

    long count() throws IOException {
        return Files.readAllLines(thread.resolve("status")).stream()
                .filter(line -> line.startsWith(KEY))
                .mapToLong(line -> Long.parseLong(line.substring(KEY.length()).strip()))
                .findFirst()
                .orElseThrow();
    }
}
