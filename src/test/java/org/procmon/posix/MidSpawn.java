package org.procmon.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * A program that starts a {@code sleep}, whose start stands still between fork and exec, since it
 * opens a fifo that nobody writes.
 */
public final class MidSpawn {
    private static final int SETSID = 0x80;

    private MidSpawn() {}

    /** Takes the fifo's path and the variables of the {@code sleep}. */
    public static void main(String[] args) {
        Arena arena = Arena.global();
        MemorySegment actions = arena.allocate(512, 16);
        MemorySegment attributes = arena.allocate(512, 16);
        Native.call(Native.function("posix_spawn_file_actions_init"), actions.address());
        Native.call(
                Native.function("posix_spawn_file_actions_addopen"),
                actions.address(),
                0,
                arena.allocateFrom(args[0]).address(),
                Descriptor.READ_ONLY,
                0,
                0);
        Native.call(Native.function("posix_spawnattr_init"), attributes.address());
        Native.call(Native.function("posix_spawnattr_setflags"), attributes.address(), SETSID);
        MemorySegment argv = Native.strings(arena, List.of("/bin/sleep", "1000"));
        List<String> variables = Arrays.asList(args).subList(1, args.length);
        Native.call(
                Native.function("posix_spawn"),
                arena.allocate(8, 8).address(),
                argv.get(ADDRESS, 0).address(),
                actions.address(),
                attributes.address(),
                argv.address(),
                Native.strings(arena, variables).address());
    }
}
