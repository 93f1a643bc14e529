package org.procmon.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Watches directories and files for changes. One thread at a time. Source: inotify(7). */
public final class Inotify implements AutoCloseable {
    private static final int NON_BLOCK_CLOEXEC = 04000 | 02000000;
    private static final int MODIFY = 0x2;
    private static final int ATTRIBUTES = 0x4;
    private static final int CLOSE_WRITE = 0x8;
    private static final int MOVED_FROM = 0x40;
    private static final int MOVED_TO = 0x80;
    private static final int CREATE = 0x100;
    private static final int DELETE = 0x200;
    private static final int DELETE_SELF = 0x400;
    private static final int MOVE_SELF = 0x800;
    private static final int ONLY_FOLDERS = 0x0100_0000;
    private static final int ADD_TO_MASK = 0x2000_0000;
    private static final int NO_FOLLOW = 0x0200_0000;
    private static final int NAME_OF_FILE = DELETE_SELF | MOVE_SELF | ATTRIBUTES | NO_FOLLOW;
    private static final int ITSELF = DELETE_SELF | MOVE_SELF | ONLY_FOLDERS | ADD_TO_MASK;
    private static final int NAMES = ITSELF | MOVED_FROM | MOVED_TO | CREATE | DELETE;
    private static final int FOLDER = 0x4000_0000;
    private static final int ENTRIES = NAMES | MODIFY | CLOSE_WRITE;

    private static final int SIZE = 64 << 10;
    private static final int MASK = 4;
    private static final int LENGTH = 12;
    private static final int NAME = 16;

    private static final MemorySegment ADD = Native.function("inotify_add_watch");
    private static final MemorySegment REMOVE = Native.function("inotify_rm_watch");
    private static final MemorySegment READ = Native.function("read");

    private final Descriptor descriptor;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(SIZE, 8);

    private Inotify(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /** Whether changes can be watched. */
    public sealed interface Result {
        record Opened(Inotify inotify) implements Result {}

        record NotOpened(Errno errno) implements Result {}
    }

    /** Whether a directory is watched. */
    public sealed interface Watching {
        /**
         * It is.
         *
         * @param number the same for all names of one directory
         */
        record Watched(int number) implements Watching {}

        record NotWatched(Errno errno) implements Watching {}
    }

    /** The changes of a directory that are reported. */
    public enum Scope {
        /** Its own move or removal. */
        ITSELF,
        /** Also names that are added to it or removed from it. */
        NAMES,
        /** Also writes to files in it. */
        ENTRIES,
        /** As {@link #NAMES}, and changes of attributes such as the owner. */
        NAMES_AND_ATTRIBUTES,
        /** All of these. */
        EVERYTHING
    }

    /** The kind of a change. */
    public enum Kind {
        /** A file that is still open was written to. */
        WRITTEN,
        /** A file that was open for writing was closed. */
        CLOSED,
        /** There is a new name, perhaps of a file that will be written later. */
        CREATED,
        /** A file received this name by a rename. */
        MOVED_IN,
        /** No file has this name any more. */
        GONE,
        /** The mode, an owner, a time or the number of names of a file is another. */
        ATTRIBUTES,
        /** The directory itself was moved or removed, or an event was missed. */
        LOST
    }

    /**
     * A change in a directory.
     *
     * @param watch the directory's number; negative if an event was missed
     * @param name in the directory; empty for the directory itself
     * @param isFolder whether the name is, or was, of a directory
     */
    public record Event(int watch, Kind kind, String name, boolean isFolder) {}

    public static Result open() {
        return switch (Descriptor.result(
                Native.call(Native.function("inotify_init1"), NON_BLOCK_CLOEXEC))) {
            case Descriptor.Result.Opened opened ->
                    new Result.Opened(new Inotify(opened.descriptor()));
            case Descriptor.Result.NotOpened not -> new Result.NotOpened(not.errno());
        };
    }

    /** Readable when something has changed. */
    public Descriptor descriptor() {
        return descriptor;
    }

    /**
     * Watches a directory. One that is watched already keeps its number, and its kinds of changes.
     */
    public Watching watch(String folder, Scope scope) {
        try (Arena confined = Arena.ofConfined()) {
            MemorySegment path = Native.text(confined, folder);
            int asked =
                    switch (scope) {
                        case ITSELF -> ITSELF;
                        case NAMES -> NAMES;
                        case ENTRIES -> ENTRIES;
                        case NAMES_AND_ATTRIBUTES -> NAMES | ATTRIBUTES;
                        case EVERYTHING -> ENTRIES | ATTRIBUTES;
                    };
            int number = Native.call(ADD, descriptor.number(), path.address(), asked);
            return number >= 0
                    ? new Watching.Watched(number)
                    : new Watching.NotWatched(new Errno(Native.errno()));
        }
    }

    /**
     * Watches one file, of any type, until it is gone. Its events have no name: {@link
     * Kind#ATTRIBUTES} when a name of it was removed, {@link Kind#LOST} when it was moved or is
     * gone.
     */
    public Watching watchFile(String path) {
        try (Arena confined = Arena.ofConfined()) {
            int number =
                    Native.call(
                            ADD,
                            descriptor.number(),
                            Native.text(confined, path).address(),
                            NAME_OF_FILE);
            return number >= 0
                    ? new Watching.Watched(number)
                    : new Watching.NotWatched(new Errno(Native.errno()));
        }
    }

    /** Stops watching a directory. */
    public void forget(int number) {
        Native.call(REMOVE, descriptor.number(), number);
    }

    /** The changes since the last call; never waits. */
    public List<Event> read() {
        List<Event> events = new ArrayList<>();
        int size = Native.call(READ, descriptor.number(), buffer.address(), SIZE);
        int at = 0;
        while (at < size) {
            int length = buffer.get(JAVA_INT, at + LENGTH);
            String name = Native.text(buffer.asSlice(at + NAME, length));
            int mask = buffer.get(JAVA_INT, at + MASK);
            boolean isFolder = (mask & FOLDER) != 0;
            events.add(new Event(buffer.get(JAVA_INT, at), kind(mask), name, isFolder));
            at += NAME + length;
        }
        return events;
    }

    private static Kind kind(int mask) {
        if ((mask & MODIFY) != 0) {
            return Kind.WRITTEN;
        }
        if ((mask & CLOSE_WRITE) != 0) {
            return Kind.CLOSED;
        }
        if ((mask & CREATE) != 0) {
            return Kind.CREATED;
        }
        if ((mask & MOVED_TO) != 0) {
            return Kind.MOVED_IN;
        }
        if ((mask & ATTRIBUTES) != 0) {
            return Kind.ATTRIBUTES;
        }
        return (mask & (DELETE | MOVED_FROM)) != 0 ? Kind.GONE : Kind.LOST;
    }

    @Override
    public void close() {
        descriptor.close();
        arena.close();
    }
}
