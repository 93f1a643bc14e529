package org.procmon.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/** The host name of this machine. Source: proc_sys_kernel(5). */
public final class OwnHostName {
    private static final Path FILE = Path.of("/proc/sys/kernel/hostname");

    private OwnHostName() {}

    /** In lower case; empty if it cannot be read. */
    public static Set<String> read() {
        try {
            return Set.of(Files.readString(FILE).strip().toLowerCase(Locale.ROOT));
        } catch (IOException e) {
            return Set.of();
        }
    }
}
