package org.procmon.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The most that a process may have of something. Source: getrlimit(2).
 *
 * @param soft what is enforced; {@link #UNLIMITED} for no limit
 * @param hard up to where the process may raise that itself
 */
public record Limit(Resource resource, long soft, long hard) {
    public static final long UNLIMITED = Long.MAX_VALUE;

    /** What is limited, in the order of the kernel's numbers, which are those of every machine. */
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

        /** As in the configuration, and as prlimit(1) has it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The kernel's number for it. */
        @SuppressWarnings("EnumOrdinal") // they stand in the order of their numbers
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

    /** One of the two, as prlimit(1) reads it. */
    public static String text(long limit) {
        return limit == UNLIMITED ? "unlimited" : Long.toString(limit);
    }
}
