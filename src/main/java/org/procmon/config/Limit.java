package org.procmon.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A resource limit of a process. Source: getrlimit(2).
 *
 * @param soft the enforced limit; {@link #UNLIMITED} for none
 * @param hard the value to which the process may raise the soft limit
 */
public record Limit(Resource resource, long soft, long hard) {
    public static final long UNLIMITED = Long.MAX_VALUE;

    /** The resources, in the order of the kernel's numbers, which are the same on every machine. */
    public enum Resource {
        CPU(false),
        FSIZE(true),
        DATA(true),
        STACK(true),
        CORE(true),
        RSS(true),
        NPROC(false),
        NOFILE(false),
        MEMLOCK(true),
        AS(true),
        LOCKS(false),
        SIGPENDING(false),
        MSGQUEUE(true),
        NICE(false),
        RTPRIO(false),
        RTTIME(false);

        private final boolean inBytes;

        Resource(boolean inBytes) {
            this.inBytes = inBytes;
        }

        /** The name in the configuration and in prlimit(1). */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The kernel's number for it. */
        @SuppressWarnings("EnumOrdinal") // they are in the kernel's order
        public int number() {
            return ordinal();
        }

        public boolean isInBytes() {
            return inBytes;
        }

        public static List<String> words() {
            List<String> words = new ArrayList<>();
            for (Resource resource : values()) {
                words.add(resource.word());
            }
            return words;
        }
    }

    /** A soft or hard limit, as prlimit(1) reads it. */
    public static String text(long limit) {
        return limit == UNLIMITED ? "unlimited" : Long.toString(limit);
    }
}
