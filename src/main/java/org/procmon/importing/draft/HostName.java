package org.procmon.importing.draft;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The name of this machine. Source: proc_sys_kernel(5). */
public final class HostName {
    private static final Path FILE = Path.of("/proc/sys/kernel/hostname");

    private HostName() {}

    /** {@code localhost} if it cannot be read. */
    public static String current() {
        try {
            return Files.readString(FILE).strip();
        } catch (IOException _) {
            return "localhost";
        }
    }
}
