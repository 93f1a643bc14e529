package org.procmon.posix;

/**
 * Identifies the boot of the machine, and the pid namespace: where both are the same, a pid and its
 * start time mean the same process. Any thread. Source: random(4), pid_namespaces(7).
 */
public final class BootId {
    private static final int LONGEST = 64;

    private BootId() {}

    /** The boot's UUID and the namespace's inode, as {@code UUID/INODE}. */
    public static String current() {
        String boot =
                ProcFile.text("/proc/sys/kernel/random/boot_id", LONGEST)
                        .orElseThrow(() -> unreadable("the boot id"))
                        .strip();
        String namespace =
                ProcFile.link("/proc/self/ns/pid")
                        .orElseThrow(() -> unreadable("the pid namespace"));
        return boot + "/" + namespace.substring(namespace.indexOf('[') + 1, namespace.length() - 1);
    }

    private static IllegalStateException unreadable(String what) {
        return new IllegalStateException(
                "cannot read " + what + ": " + Native.describe(Native.errno()));
    }
}
