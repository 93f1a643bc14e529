package org.procmon.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Starts programs: each a session leader, with the default signal mask and handlers, {@code
 * /dev/null} on its standard input, and no other descriptor than its standard output and error.
 *
 * <p>Any thread; the call lasts until the program is executed or could not be, since the child
 * borrows the caller's memory until then. Source: posix_spawn(3), with the extensions of glibc
 * 2.34.
 */
public final class Spawn {
    private static final int SETSIGDEF = 0x04;
    private static final int SETSIGMASK = 0x08;
    private static final int SETSID = 0x80;
    private static final int FIRST_OTHER_DESCRIPTOR = 3;

    /**
     * At least the size of posix_spawnattr_t (336), file_actions_t (80) and sigset_t (128) of
     * glibc.
     */
    private static final long OPAQUE = 512;

    private static final MemorySegment POSIX_SPAWNP = Native.function("posix_spawnp");
    private static final MemorySegment ACTIONS_INIT =
            Native.function("posix_spawn_file_actions_init");
    private static final MemorySegment ACTIONS_DESTROY =
            Native.function("posix_spawn_file_actions_destroy");
    private static final MemorySegment ADD_OPEN =
            Native.function("posix_spawn_file_actions_addopen");
    private static final MemorySegment ADD_DUP2 =
            Native.function("posix_spawn_file_actions_adddup2");
    private static final MemorySegment ADD_CHDIR =
            Native.function("posix_spawn_file_actions_addchdir_np");
    private static final MemorySegment ADD_CLOSEFROM =
            Native.function("posix_spawn_file_actions_addclosefrom_np");

    /** The attributes are the same for every child, so they are made once and kept. */
    private static final MemorySegment ATTRIBUTES = attributes();

    private static final MemorySegment DEV_NULL = Arena.global().allocateFrom("/dev/null");

    private Spawn() {}

    /**
     * What to start.
     *
     * @param argv the program, looked up in this process's PATH unless it has a slash, and its
     *     arguments
     * @param environment what every child gets
     * @param more variables of this child's own, which replace those of the same name
     * @param cwd the folder it starts in; this process's own when empty
     * @param output a descriptor of this process that becomes its standard output and error
     */
    public record Request(
            List<String> argv,
            Environment environment,
            Map<String, String> more,
            Optional<String> cwd,
            Descriptor output) {}

    /** Whether a program was started. */
    public sealed interface Result {
        record Started(int pid) implements Result {}

        record NotStarted(Errno errno) implements Result {}
    }

    public static Result spawn(Request request) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment actions = arena.allocate(OPAQUE, 16);
            Native.call(ACTIONS_INIT, actions.address());
            try {
                return spawn(request, arena, actions);
            } finally {
                Native.call(ACTIONS_DESTROY, actions.address());
            }
        }
    }

    private static Result spawn(Request request, Arena arena, MemorySegment actions) {
        int output = request.output().number();
        Native.call(ADD_OPEN, actions.address(), 0, DEV_NULL.address(), Descriptor.READ_ONLY, 0, 0);
        Native.call(ADD_DUP2, actions.address(), output, 1);
        Native.call(ADD_DUP2, actions.address(), output, 2);
        if (request.cwd().isPresent()) {
            MemorySegment cwd = arena.allocateFrom(request.cwd().get());
            Native.call(ADD_CHDIR, actions.address(), cwd.address());
        }
        Native.call(ADD_CLOSEFROM, actions.address(), FIRST_OTHER_DESCRIPTOR);

        MemorySegment argv = Native.strings(arena, request.argv());
        MemorySegment envp = request.environment().with(request.more(), arena);
        MemorySegment pid = arena.allocate(JAVA_INT);
        int errno =
                (int)
                        Native.call(
                                POSIX_SPAWNP,
                                pid.address(),
                                argv.get(ADDRESS, 0).address(),
                                actions.address(),
                                ATTRIBUTES.address(),
                                argv.address(),
                                envp.address());
        return errno == 0
                ? new Result.Started(pid.get(JAVA_INT, 0))
                : new Result.NotStarted(new Errno(errno));
    }

    private static MemorySegment attributes() {
        MemorySegment attributes = Arena.global().allocate(OPAQUE, 16);
        MemorySegment none = Arena.global().allocate(OPAQUE, 16);
        MemorySegment all = Arena.global().allocate(OPAQUE, 16);
        Native.call(Native.function("sigemptyset"), none.address());
        Native.call(Native.function("sigfillset"), all.address());
        Native.call(Native.function("posix_spawnattr_init"), attributes.address());
        Native.call(
                Native.function("posix_spawnattr_setsigmask"),
                attributes.address(),
                none.address());
        Native.call(
                Native.function("posix_spawnattr_setsigdefault"),
                attributes.address(),
                all.address());
        Native.call(
                Native.function("posix_spawnattr_setflags"),
                attributes.address(),
                SETSIGDEF | SETSIGMASK | SETSID);
        return attributes;
    }
}
