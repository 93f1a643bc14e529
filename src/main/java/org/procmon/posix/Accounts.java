package org.procmon.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * The user and group database. Source: getgrnam(3), getgrnam_r(3), getpwnam_r(3), getgrouplist(3).
 * Some of these functions keep their results in static storage, so one caller at a time; a remote
 * database, as in a directory service, may be slow.
 */
public final class Accounts {
    /**
     * The common layout of struct passwd and struct group: name, password, then the uid; the gid
     * follows the uid.
     */
    private static final long ID = 16;

    private static final long GID_OF_USER = 20;
    private static final int MOST_GROUPS = 65_536;

    /** Of struct passwd, which is as large as seven words. */
    private static final long HOME_OF_USER = 32;

    private static final long SHELL_OF_USER = 40;
    private static final long SIZE_OF_USER = 56;
    private static final int USUAL_TEXT = 4096;
    private static final int LARGEST_TEXT = 1 << 20;
    private static final int MOST_DIGITS = 10;

    /** One less than the number that means none. */
    private static final long LARGEST_ID = 0xfffffffeL;

    private Accounts() {}

    /** Whether there is a user. */
    public sealed interface Found {
        record There(Account account) implements Found {}

        record Nobody() implements Found {}

        /** The database could not be queried. */
        record Unknown(Errno errno) implements Found {}
    }

    public static synchronized Found user(String name) {
        try (Arena arena = Arena.ofConfined()) {
            return find("getpwnam_r", Native.text(arena, name).address());
        }
    }

    /** The user of a number; if several have it, the first. */
    public static synchronized Found user(int uid) {
        return find("getpwuid_r", Integer.toUnsignedLong(uid));
    }

    /** The groups of a user: a given one, and all others that the user is a member of. */
    public static synchronized List<Integer> groups(String user, int gid) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocateFrom(JAVA_INT, MOST_GROUPS);
            MemorySegment groups = arena.allocate(JAVA_INT, MOST_GROUPS);
            Native.call(
                    Native.function("getgrouplist"),
                    Native.text(arena, user).address(),
                    gid,
                    groups.address(),
                    count.address());
            List<Integer> found = new ArrayList<>();
            for (int i = 0; i < Math.min(count.get(JAVA_INT, 0), MOST_GROUPS); i++) {
                found.add(groups.getAtIndex(JAVA_INT, i));
            }
            return found;
        }
    }

    private static Found find(String function, long key) {
        return find(
                function,
                key,
                user -> new Found.There(account(user)),
                errno -> errno == 0 ? new Found.Nobody() : new Found.Unknown(new Errno(errno)));
    }

    /**
     * @param there makes a result of the entry
     * @param missing makes a result of the error; 0 if there is just no entry
     */
    private static <T> T find(
            String function, long key, Function<MemorySegment, T> there, IntFunction<T> missing) {
        for (int size = USUAL_TEXT; ; size *= 2) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment entry = arena.allocate(SIZE_OF_USER, 8);
                MemorySegment text = arena.allocate(size);
                MemorySegment result = arena.allocate(ADDRESS);
                int errno =
                        (int)
                                Native.call(
                                        Native.function(function),
                                        key,
                                        entry.address(),
                                        text.address(),
                                        size,
                                        result.address(),
                                        0);
                if (errno == 0 && result.get(ADDRESS, 0).address() != 0) {
                    return there.apply(entry);
                }
                if (errno != Errno.ERANGE || size >= LARGEST_TEXT) {
                    return missing.apply(isAbsence(errno) ? 0 : errno);
                }
            }
        }
    }

    /** The manual lists all of these as results for a missing entry. */
    private static boolean isAbsence(int errno) {
        return errno == 0 || errno == Errno.ENOENT_NUMBER || errno == Errno.ESRCH;
    }

    private static Account account(MemorySegment user) {
        return new Account(
                text(user, 0),
                user.get(JAVA_INT, ID),
                user.get(JAVA_INT, GID_OF_USER),
                text(user, HOME_OF_USER),
                text(user, SHELL_OF_USER));
    }

    private static String text(MemorySegment user, long offset) {
        return Native.string(user.get(ADDRESS, offset).address());
    }

    /** The number of a user or of a group. */
    public sealed interface FoundId {
        /**
         * There is one.
         *
         * @param number unsigned
         */
        record There(int number) implements FoundId {}

        record Nobody() implements FoundId {}

        /** The database could not be queried. */
        record Unknown(Errno errno) implements FoundId {}
    }

    /** A group by its name. */
    public static synchronized FoundId group(String name) {
        try (Arena arena = Arena.ofConfined()) {
            return find(
                    "getgrnam_r",
                    Native.text(arena, name).address(),
                    group -> new FoundId.There(group.get(JAVA_INT, ID)),
                    errno ->
                            errno == 0
                                    ? new FoundId.Nobody()
                                    : new FoundId.Unknown(new Errno(errno)));
        }
    }

    /** The unsigned number that a text of digits is; empty for a name. */
    public static OptionalInt number(String nameOrNumber) {
        boolean isNumber =
                !nameOrNumber.isEmpty()
                        && nameOrNumber.length() <= MOST_DIGITS
                        && nameOrNumber.chars().allMatch(c -> c >= '0' && c <= '9')
                        && Long.parseLong(nameOrNumber) <= LARGEST_ID;
        return isNumber
                ? OptionalInt.of(Integer.parseUnsignedInt(nameOrNumber))
                : OptionalInt.empty();
    }

    /** A user by name or number; a number may have no account. */
    public static Found userOf(String nameOrNumber) {
        OptionalInt number = number(nameOrNumber);
        return number.isPresent() ? user(number.getAsInt()) : user(nameOrNumber);
    }

    /** The uid for a name or a number; a number needs no account. */
    public static FoundId uid(String nameOrNumber) {
        OptionalInt number = number(nameOrNumber);
        if (number.isPresent()) {
            return new FoundId.There(number.getAsInt());
        }
        return switch (user(nameOrNumber)) {
            case Found.There(Account account) -> new FoundId.There(account.uid());
            case Found.Nobody _ -> new FoundId.Nobody();
            case Found.Unknown(Errno errno) -> new FoundId.Unknown(errno);
        };
    }

    /** The gid for a name or a number; a number needs no group. */
    public static FoundId gid(String nameOrNumber) {
        OptionalInt number = number(nameOrNumber);
        return number.isPresent() ? new FoundId.There(number.getAsInt()) : group(nameOrNumber);
    }

    /** The number of a group; empty if there is none of this name. */
    static synchronized OptionalInt groupId(String name) {
        return lookUp("getgrnam", name, ID);
    }

    /** Whether a user, by name, belongs to a group, as the primary or another group. */
    public static synchronized boolean isMember(String user, String group) {
        OptionalInt gid = groupId(group);
        OptionalInt own = lookUp("getpwnam", user, GID_OF_USER);
        if (gid.isEmpty() || own.isEmpty()) {
            return false;
        }
        return groups(user, own.getAsInt()).contains(gid.getAsInt());
    }

    private static OptionalInt lookUp(String function, String name, long offset) {
        try (Arena arena = Arena.ofConfined()) {
            long entry =
                    Native.call(
                            Native.function(function),
                            Native.text(arena, name).address(),
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
