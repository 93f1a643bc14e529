package org.procmon.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Starts programs: each with the default signal mask and handlers, and no descriptors except those
 * that are requested.
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
    private static final int READ_ONLY = Descriptor.READ_ONLY;
    private static final int READ_WRITE = Descriptor.READ_WRITE;
    private static final int WRITE_ONLY = 1;
    private static final int CREATE = 0100;
    private static final int OWNER_READS_AND_WRITES = 0600;

    /**
     * At least the size of posix_spawnattr_t (336), file_actions_t (80) and sigset_t (128) of
     * glibc.
     */
    private static final long OPAQUE = 512;

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
    private static final MemorySegment OWN_SESSION = attributes(SETSIGDEF | SETSIGMASK | SETSID);

    private static final MemorySegment SAME_SESSION = attributes(SETSIGDEF | SETSIGMASK);

    private static final MemorySegment DEV_NULL = Arena.global().allocateFrom("/dev/null");
    private static final Spawner SPAWNER = new Spawner();

    private Spawn() {}

    /**
     * What to start.
     *
     * @param argv the program, looked up in this process's PATH unless it has a slash, and its
     *     arguments
     * @param environment what every child gets
     * @param more variables of this child's own, which replace those of the same name
     * @param cwd the directory it starts in; this process's own when empty
     * @param streams its standard input, output and error
     * @param held descriptors of this process, numbered 3 or above, that it gets copies of, as its
     *     own 3, 4 and so on, in this order
     * @param mark an empty file that the child makes before it executes its program, as a proof
     *     that it existed
     * @param ownSession whether it becomes the leader of a session and group of its own
     * @param further another descriptor that it gets
     */
    public record Request(
            List<String> argv,
            Environment environment,
            Map<String, String> more,
            Optional<String> cwd,
            Streams streams,
            List<Descriptor> held,
            Optional<String> mark,
            boolean ownSession,
            Optional<Further> further) {
        /** With no descriptors besides those. */
        public Request(
                List<String> argv,
                Environment environment,
                Map<String, String> more,
                Optional<String> cwd,
                Streams streams,
                List<Descriptor> held,
                Optional<String> mark,
                boolean ownSession) {
            this(argv, environment, more, cwd, streams, held, mark, ownSession, Optional.empty());
        }

        /** The same, with a proof that it was started. */
        public Request with(String proof) {
            return new Request(
                    argv,
                    environment,
                    more,
                    cwd,
                    streams,
                    held,
                    Optional.of(proof),
                    ownSession,
                    further);
        }

        /** The same, with another descriptor, or none. */
        public Request with(Optional<Further> other) {
            return new Request(
                    argv, environment, more, cwd, streams, held, mark, ownSession, other);
        }
    }

    /**
     * An existing file, opened by the child itself for reading and writing.
     *
     * @param number its descriptor number, 3 or above, and none of those that it gets otherwise
     * @param path absolute
     */
    public record Further(int number, String path) {}

    /** A program's descriptors 0, 1 and 2. */
    public record Streams(Stream in, Stream out, Stream err) {}

    /** One of them. */
    public sealed interface Stream {
        /** Nothing to read; what is written is discarded. */
        record DevNull() implements Stream {}

        /** This process's own descriptor of the same number. */
        record Inherit() implements Stream {}

        /** Another descriptor of this process. */
        record Held(Descriptor descriptor) implements Stream {}

        /** An existing file, opened by the child itself for reading. */
        record OpenRead(String path) implements Stream {}

        /** An existing file, opened by the child itself for reading and writing. */
        record OpenReadWrite(String path) implements Stream {}

        /** For the standard error: the same as the standard output. */
        record SameAsOut() implements Stream {}
    }

    /** The addresses that posix_spawnp(3) is called with. */
    record Arguments(long pid, long program, long actions, long attributes, long argv, long envp) {}

    /** Whether a program was started. */
    public sealed interface Result {
        record Started(int pid) implements Result {}

        record NotStarted(Errno errno) implements Result {}
    }

    /**
     * A program that is being started. {@link #await} must be called once, by the thread that has
     * requested it.
     */
    public static final class Begun {
        private final Arena arena;
        private final Arguments arguments;

        /** The job that makes it; empty if it was made, or could not be, immediately. */
        private final Optional<Spawner.Job> job;

        /** The result of the start, if it is known. */
        private final int errno;

        private Begun(Arena arena, Arguments arguments, Optional<Spawner.Job> job, int errno) {
            this.arena = arena;
            this.arguments = arguments;
            this.job = job;
            this.errno = errno;
        }

        /** Blocks until the program is executed or could not be. */
        public Result await() {
            int failed = job.isPresent() ? job.get().await() : errno;
            int pid = Native.memory(arguments.pid(), JAVA_INT.byteSize()).get(JAVA_INT, 0);
            Native.call(ACTIONS_DESTROY, arguments.actions());
            arena.close();
            return failed == 0 ? new Result.Started(pid) : new Result.NotStarted(new Errno(failed));
        }
    }

    /** Starts a program; blocks until it is executed or could not be. */
    public static Result spawn(Request request) {
        return begin(request).await();
    }

    /**
     * Starts a program without waiting. One that gets no descriptors of this process is made by
     * another thread, two of them at a time; any other by the calling thread before this returns.
     */
    public static Begun begin(Request request) {
        Arena arena = Arena.ofConfined();
        Arguments arguments = arguments(request, arena);
        if (highest(request.held()) >= DescriptorLimit.given()) {
            return new Begun(
                    arena, arguments, Optional.empty(), Spawner.callUnderOwnLimit(arguments));
        }
        return isOfPathsOnly(request.streams()) && request.held().isEmpty()
                ? new Begun(arena, arguments, Optional.of(SPAWNER.begin(arguments)), 0)
                : new Begun(
                        arena, arguments, Optional.empty(), Spawner.callUnderGivenLimit(arguments));
    }

    private static Arguments arguments(Request request, Arena arena) {
        MemorySegment actions = arena.allocate(OPAQUE, 16);
        Native.call(ACTIONS_INIT, actions.address());
        addStream(arena, actions, 0, request.streams().in());
        Streams streams = request.streams();
        if (streams.err() instanceof Stream.Held held && held.descriptor().number() == 1) {
            // While the number still means the same in this process.
            addStream(arena, actions, 2, streams.err());
            addStream(arena, actions, 1, streams.out());
        } else {
            addStream(arena, actions, 1, streams.out());
            addStream(arena, actions, 2, streams.err());
        }
        int first = addHeld(actions, request.held());
        if (request.mark().isPresent()) {
            MemorySegment mark = Native.text(arena, request.mark().get());
            addOpen(actions, first, mark, WRITE_ONLY | CREATE, OWNER_READS_AND_WRITES);
        }
        if (request.cwd().isPresent()) {
            MemorySegment cwd = Native.text(arena, request.cwd().get());
            Native.call(ADD_CHDIR, actions.address(), cwd.address());
        }
        Native.call(ADD_CLOSEFROM, actions.address(), first);
        if (request.further().isPresent()) {
            Further further = request.further().get();
            MemorySegment path = Native.text(arena, further.path());
            addOpen(actions, further.number(), path, READ_WRITE, 0);
        }
        MemorySegment argv = Native.strings(arena, request.argv());
        return new Arguments(
                arena.allocate(JAVA_INT).address(),
                argv.get(ADDRESS, 0).address(),
                actions.address(),
                (request.ownSession() ? OWN_SESSION : SAME_SESSION).address(),
                argv.address(),
                request.environment().with(request.more(), arena).address());
    }

    /** Whether none of them is a descriptor of this process. */
    private static boolean isOfPathsOnly(Streams streams) {
        return isOfPath(streams.in()) && isOfPath(streams.out()) && isOfPath(streams.err());
    }

    private static boolean isOfPath(Stream stream) {
        return !(stream instanceof Stream.Held || stream instanceof Stream.Inherit);
    }

    private static void addStream(Arena arena, MemorySegment actions, int number, Stream stream) {
        switch (stream) {
            case Stream.DevNull _ ->
                    addOpen(actions, number, DEV_NULL, number == 0 ? READ_ONLY : READ_WRITE, 0);
            case Stream.OpenRead open ->
                    addOpen(actions, number, Native.text(arena, open.path()), READ_ONLY, 0);
            case Stream.OpenReadWrite open ->
                    addOpen(actions, number, Native.text(arena, open.path()), READ_WRITE, 0);
            case Stream.Held held -> addDup2(actions, held.descriptor().number(), number);
            // A descriptor that is copied onto itself stays open.
            case Stream.Inherit _ -> addDup2(actions, number, number);
            case Stream.SameAsOut _ -> addDup2(actions, 1, number);
        }
    }

    /** Returns the first number after them. */
    private static int addHeld(MemorySegment actions, List<Descriptor> held) {
        if (held.isEmpty()) {
            return FIRST_OTHER_DESCRIPTOR;
        }
        List<Integer> numbers = held.stream().map(Descriptor::number).toList();
        int lowest = Collections.min(numbers);
        if (lowest < FIRST_OTHER_DESCRIPTOR) {
            throw new IllegalArgumentException(
                    "cannot hand on descriptor " + lowest + " as another");
        }
        int next = FIRST_OTHER_DESCRIPTOR;
        for (int number : isRising(numbers) ? numbers : copied(actions, numbers)) {
            // In rising order, none is overwritten before it was copied.
            addDup2(actions, number, next++);
        }
        return next;
    }

    /** The highest number that a child may need for them. */
    private static int highest(List<Descriptor> held) {
        boolean isInOrder = isRising(held.stream().map(Descriptor::number).toList());
        return FIRST_OTHER_DESCRIPTOR + (isInOrder ? 1 : 3) * held.size();
    }

    private static boolean isRising(List<Integer> numbers) {
        for (int i = 1; i < numbers.size(); i++) {
            if (numbers.get(i) <= numbers.get(i - 1)) {
                return false;
            }
        }
        return true;
    }

    /** Copies under rising numbers, above those that they will get, and in the place of none. */
    private static List<Integer> copied(MemorySegment actions, List<Integer> numbers) {
        List<Integer> copies = new ArrayList<>();
        int free = FIRST_OTHER_DESCRIPTOR + numbers.size();
        for (int number : numbers) {
            while (numbers.contains(free)) {
                free++;
            }
            addDup2(actions, number, free);
            copies.add(free++);
        }
        return copies;
    }

    private static void addOpen(
            MemorySegment actions, int number, MemorySegment path, int flags, int mode) {
        Native.call(ADD_OPEN, actions.address(), number, path.address(), flags, mode, 0);
    }

    private static void addDup2(MemorySegment actions, int from, int to) {
        Native.call(ADD_DUP2, actions.address(), from, to);
    }

    private static MemorySegment attributes(int flags) {
        MemorySegment attributes = Arena.global().allocate(OPAQUE, 16);
        MemorySegment none = Arena.global().allocate(OPAQUE, 16);
        MemorySegment all = Arena.global().allocate(OPAQUE, 16);
        Native.call(Native.function("sigemptyset"), none.address());
        // Not by sigfillset(3), which leaves out the two that glibc uses itself; a program would
        // start with those ignored.
        all.set(JAVA_LONG, 0, -1L);
        Native.call(Native.function("posix_spawnattr_init"), attributes.address());
        Native.call(
                Native.function("posix_spawnattr_setsigmask"),
                attributes.address(),
                none.address());
        Native.call(
                Native.function("posix_spawnattr_setsigdefault"),
                attributes.address(),
                all.address());
        Native.call(Native.function("posix_spawnattr_setflags"), attributes.address(), flags);
        return attributes;
    }
}
