package org.procmon.pool;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.procmon.config.pool.PoolAddress;
import org.procmon.pool.listen.OpenListener;
import org.procmon.posix.Inotify;
import org.procmon.posix.Inotify.Watching;
import org.procmon.posix.Poller;

/**
 * Watches the files of sockets, which somebody may remove. While nobody touches them, it costs
 * nothing. Thread of the pools. Source: inotify(7).
 */
final class SocketFiles implements AutoCloseable {
    private final Poller poller;
    private final int key;
    private @Nullable Inotify inotify;

    /** The names of listeners, by the numbers of their watches. */
    private final Map<Integer, String> names = new HashMap<>();

    /** The inodes of the sockets whose files are watched, by the names of the listeners. */
    private final Map<String, Long> watched = new HashMap<>();

    /**
     * @param key reported by the poller when {@link #changed} has something to tell
     */
    SocketFiles(Poller poller, int key) {
        this.poller = poller;
        this.key = key;
    }

    boolean has(int other) {
        return other == key;
    }

    /**
     * Watches the files of these listeners, and no others.
     *
     * @return the names of those that were not watched before; their files may be gone, or be of
     *     another program since the time of an earlier monitor
     */
    Set<String> follow(List<OpenListener> open) {
        Set<String> added = new HashSet<>();
        Set<String> present = new HashSet<>();
        for (OpenListener listener : open) {
            if (listener.address() instanceof PoolAddress.UnixPath) {
                present.add(listener.name());
                Long before = watched.put(listener.name(), listener.inode());
                if (before == null || before != listener.inode()) {
                    watch(listener.name());
                    added.add(listener.name());
                }
            }
        }
        watched.keySet().retainAll(present);
        return added;
    }

    /** Watches what is at the path of a listener now, if it is not its own file any more. */
    void followAgain(String name) {
        watch(name);
    }

    private void watch(String path) {
        if (inotify == null && Inotify.open() instanceof Inotify.Result.Opened(Inotify opened)) {
            inotify = opened;
            var _ = poller.add(opened.descriptor(), key);
        }
        if (inotify != null && inotify.watchFile(path) instanceof Watching.Watched(int number)) {
            names.put(number, path);
        }
    }

    /** The names of listeners whose files may be gone. */
    Set<String> changed() {
        Set<String> changed = new HashSet<>();
        if (inotify != null) {
            for (Inotify.Event event : inotify.read()) {
                if (event.watch() < 0) {
                    changed.addAll(watched.keySet());
                }
                String name = names.get(event.watch());
                if (name != null) {
                    changed.add(name);
                }
                if (event.kind() == Inotify.Kind.LOST) {
                    names.remove(event.watch());
                }
            }
        }
        return changed;
    }

    @Override
    public void close() {
        if (inotify != null) {
            inotify.close();
            inotify = null;
        }
    }
}
