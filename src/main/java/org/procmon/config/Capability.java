package org.procmon.config;

import java.util.Locale;
import java.util.Optional;

/**
 * The parts into which the kernel divides root's privileges, in numerical order. Source:
 * capabilities(7).
 */
public enum Capability {
    CHOWN,
    DAC_OVERRIDE,
    DAC_READ_SEARCH,
    FOWNER,
    FSETID,
    KILL,
    SETGID,
    SETUID,
    SETPCAP,
    LINUX_IMMUTABLE,
    NET_BIND_SERVICE,
    NET_BROADCAST,
    NET_ADMIN,
    NET_RAW,
    IPC_LOCK,
    IPC_OWNER,
    SYS_MODULE,
    SYS_RAWIO,
    SYS_CHROOT,
    SYS_PTRACE,
    SYS_PACCT,
    SYS_ADMIN,
    SYS_BOOT,
    SYS_NICE,
    SYS_RESOURCE,
    SYS_TIME,
    SYS_TTY_CONFIG,
    MKNOD,
    LEASE,
    AUDIT_WRITE,
    AUDIT_CONTROL,
    SETFCAP,
    MAC_OVERRIDE,
    MAC_ADMIN,
    SYSLOG,
    WAKE_ALARM,
    BLOCK_SUSPEND,
    AUDIT_READ,
    PERFMON,
    BPF,
    CHECKPOINT_RESTORE;

    private static final String PREFIX = "CAP_";

    /** The capability with this name, in either case, with or without {@code CAP_}. */
    public static Optional<Capability> parse(String text) {
        String name = bare(text).toUpperCase(Locale.ROOT);
        for (Capability capability : values()) {
            if (capability.name().equals(name)) {
                return Optional.of(capability);
            }
        }
        return Optional.empty();
    }

    /** A name without the prefix that all of them have. */
    public static String bare(String text) {
        boolean prefixed = text.regionMatches(true, 0, PREFIX, 0, PREFIX.length());
        return prefixed ? text.substring(PREFIX.length()) : text;
    }

    /** As users and programs write it: {@code net_bind_service}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Its bit in a set of capabilities. */
    @SuppressWarnings("EnumOrdinal") // they are in numerical order
    public long bit() {
        return 1L << ordinal();
    }
}
