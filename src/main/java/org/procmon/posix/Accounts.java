package org.procmon.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.OptionalInt;

/**
 * The user and group database. Source: getgrnam(3), getpwnam(3), getgrouplist(3). These functions
 * keep their answers in static storage, so one caller at a time.
 */
public final class Accounts {
    /**
     * Of struct passwd and struct group alike: name, password, then the uid; the gid follows the
     * uid.
     */
    private static final long ID = 16;

    private static final long GID_OF_USER = 20;
    private static final int MOST_GROUPS = 65_536;

    private Accounts() {}

    /** The number of a group; empty if there is none of this name. */
    public static synchronized OptionalInt groupId(String name) {
        return lookUp("getgrnam", name, ID);
    }

    /** Whether a user, by name, belongs to a group, be it the user's own or a further one. */
    public static synchronized boolean isMember(String user, String group) {
        OptionalInt gid = groupId(group);
        OptionalInt own = lookUp("getpwnam", user, GID_OF_USER);
        if (gid.isEmpty() || own.isEmpty()) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocateFrom(JAVA_INT, MOST_GROUPS);
            MemorySegment groups = arena.allocate(JAVA_INT, MOST_GROUPS);
            Native.call(
                    Native.function("getgrouplist"),
                    arena.allocateFrom(user).address(),
                    own.getAsInt(),
                    groups.address(),
                    count.address());
            int found = count.get(JAVA_INT, 0);
            for (int i = 0; i < found; i++) {
                if (groups.getAtIndex(JAVA_INT, i) == gid.getAsInt()) {
                    return true;
                }
            }
            return false;
        }
    }

    private static OptionalInt lookUp(String function, String name, long offset) {
        try (Arena arena = Arena.ofConfined()) {
            long entry =
                    Native.call(
                            Native.function(function),
                            arena.allocateFrom(name).address(),
                            0,
                            0,
                            0,
                            0,
                            0);
            return entry == 0
                    ? OptionalInt.empty()
                    : OptionalInt.of(Native.memory(entry, offset + 4).get(JAVA_INT, offset));
        }
    }
}
