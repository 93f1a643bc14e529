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
 * Signals to this process. The launcher blocks them before it starts Java, where the system allows
 * that; then a thread takes them one by one. Otherwise they arrive through the handlers of the JDK,
 * which may lose some sent to pid 1 while Java starts.
 *
 * <p>A signal without a handler is kept until one is installed. Any thread.
 */
public final class SignalHandlers {
    public static final Logger LOG = LoggerFactory.getLogger("signal");

    /** The property by which the launcher reports that it has blocked them. */
    private static final String BLOCKED = "procmon.signals";

    /** The numbers of those that it blocks. Source: signal(7). */
    private static final Map<String, Integer> BLOCKABLE =
            Map.of("HUP", 1, "INT", 2, "QUIT", 3, "USR1", 10, "TERM", 15);

    /** Handled by the JDK itself, unless Java was started to leave signals alone. */
    private static final String OF_THE_JDK = "QUIT";

    private static final Set<String> ENDING = Set.of("INT", "QUIT", "TERM");

    /** The property of a program whose launcher is pid 1, and forwards signals. */
    private static final String INIT = "procmon.init";

    /** What the launcher had ignored before there was a handler. */
    private static final List<String> HANDED_ON = List.of("HUP", "USR1");

    /** What shells and nohup(1) make a program ignore. */
    private static final Set<String> MAY_BE_IGNORED = Set.of("HUP", "INT", "QUIT");

    private static final Map<String, Runnable> ACTIONS = new HashMap<>();

    /** Those that have no handler yet. */
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
            // It may take its time, and others arrive.
            Thread.ofPlatform().daemon().name("signal-" + name).start(action);
        }
    }

    /**
     * Runs the action at each signal of this name, such as {@code TERM}, on a thread of its own; it
     * replaces any earlier action. Runs it immediately if a signal came before there was an action.
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
     * Whether a signal that requests an exit came before there was a handler for it; it is then
     * consumed.
     */
    public static synchronized boolean takeEnd() {
        return KEPT.removeAll(ENDING);
    }
}
