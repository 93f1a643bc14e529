package org.procmon.pair;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.procmon.posix.BlockedSignals;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/**
 * Signals to this process. The launcher blocks them before it starts Java, where the system lets it
 * do so; then a thread takes them one by one. Otherwise they come by the handlers of the JDK, which
 * may lose some to pid 1 while Java starts.
 *
 * <p>A signal that comes before anybody wants it is kept until somebody does. Any thread.
 */
public final class SignalHandlers {
    public static final Logger LOG = LoggerFactory.getLogger("procmon");

    /** The property by which the launcher says that it has blocked them. */
    private static final String BLOCKED = "procmon.signals";

    /** The numbers of those that it blocks. Source: signal(7). */
    private static final Map<String, Integer> BLOCKABLE =
            Map.of("HUP", 1, "INT", 2, "QUIT", 3, "USR1", 10, "TERM", 15);

    /** By the JDK, whose own it is, unless Java was told to leave signals alone. */
    private static final String OF_THE_JDK = "QUIT";

    private static final Set<String> ENDING = Set.of("INT", "QUIT", "TERM");

    /** The property of a program whose launcher is pid 1, and hands signals on. */
    private static final String INIT = "procmon.init";

    /** What that had ignored for as long as nobody was there. */
    private static final List<String> HANDED_ON = List.of("HUP", "USR1");

    /** What shells and nohup(1) have a program ignore. */
    private static final Set<String> MAY_BE_IGNORED = Set.of("HUP", "INT", "QUIT");

    private static final Map<String, Runnable> ACTIONS = new HashMap<>();

    /** Those that nobody has wanted yet. */
    private static final Set<String> KEPT = new HashSet<>();

    private static boolean listening;

    private SignalHandlers() {}

    /** From now on none is lost, and none ends this process by itself. */
    public static synchronized void listen() {
        if (listening) {
            return;
        }
        listening = true;
        if (System.getProperty(BLOCKED) == null) {
            for (String name : BLOCKABLE.keySet()) {
                if (!name.equals(OF_THE_JDK)) {
                    Signal.handle(new Signal(name), _ -> came(name));
                }
            }
        } else {
            Map<Integer, String> names = new HashMap<>();
            BLOCKABLE.forEach((name, number) -> names.put(number, name));
            if (isBelowInit()) {
                HANDED_ON.forEach(
                        name -> BlockedSignals.ignoreNoLonger(BLOCKABLE.getOrDefault(name, 0)));
            }
            MAY_BE_IGNORED.forEach(name -> names.remove(ignored(name)));
            Thread.ofPlatform().daemon().name("signals").start(() -> takeAll(names));
        }
    }

    /** Whether the launcher has stayed, as pid 1. */
    public static boolean isBelowInit() {
        return System.getProperty(INIT) != null;
    }

    private static int ignored(String name) {
        int number = BLOCKABLE.getOrDefault(name, 0);
        return BlockedSignals.isIgnored(number) ? number : 0;
    }

    private static void takeAll(Map<Integer, String> names) {
        BlockedSignals signals = new BlockedSignals(names.keySet());
        while (true) {
            String name = names.get(signals.take());
            if (name != null) {
                came(name);
            }
        }
    }

    private static synchronized void came(String name) {
        Runnable action = ACTIONS.get(name);
        if (action == null) {
            KEPT.add(name);
        } else {
            // It may take its time, and others come.
            Thread.ofPlatform().daemon().name("signal-" + name).start(action);
        }
    }

    /**
     * Runs the action, in place of any before, on a thread of its own at each signal of this name,
     * such as {@code TERM}; at once if one came before somebody wanted it.
     */
    public static synchronized void on(String name, Runnable action) {
        if (!BLOCKABLE.containsKey(name)) {
            Signal.handle(new Signal(name), _ -> action.run());
            return;
        }
        listen();
        ACTIONS.put(name, action);
        if (KEPT.remove(name)) {
            came(name);
        }
    }

    /** The numbers of those that were blocked before Java was started; none if none were. */
    static Collection<Integer> blocked() {
        return System.getProperty(BLOCKED) == null ? List.of() : BLOCKABLE.values();
    }

    /**
     * Whether one came that asks for an end, before somebody wanted it; nobody hears of it then.
     */
    public static synchronized boolean takeEnd() {
        return KEPT.removeAll(ENDING);
    }
}
