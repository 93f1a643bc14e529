package org.procmon.trigger.schedule;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Distinguishes this machine from others. Source: machine-id(5). */
public final class MachineId {
    private static final List<Path> FILES =
            List.of(Path.of("/etc/machine-id"), Path.of("/proc/sys/kernel/hostname"));

    private MachineId() {}

    /** The same until the machine's system is reinstalled; empty if it has no id and no name. */
    public static String read() {
        for (Path file : FILES) {
            try {
                String text = Files.readString(file).strip();
                if (!text.isEmpty()) {
                    return text;
                }
            } catch (IOException _) {
                // Containers may have none.
            }
        }
        return "";
    }
}
