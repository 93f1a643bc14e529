package org.procmon.systemd;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the service manager that started this monitor wants to receive, and where. Source:
 * sd_notify(3), sd_watchdog_enabled(3).
 *
 * <p>Monitors pass the three variables to one another, and to no other program. Between them {@code
 * WATCHDOG_PID} is the process that the service manager knows as the main one.
 *
 * @param socket the path of its socket, or an abstract name that starts with {@code @}
 * @param watchdog how often it expects a sign that the loop moves; empty if it does not
 * @param mainPid the process that it knows as the main one
 */
public record NotifySettings(String socket, Optional<Duration> watchdog, int mainPid) {
    private static final Logger LOG = LoggerFactory.getLogger("monitor");
    private static final String SOCKET = "NOTIFY_SOCKET";
    private static final String WATCHDOG = "WATCHDOG_USEC";
    private static final String MAIN_PID = "WATCHDOG_PID";

    /** The names of the variables. */
    public static final Set<String> VARIABLES = Set.of(SOCKET, WATCHDOG, MAIN_PID);

    /** A longer interval needs no keep-alive messages at all. */
    private static final long LONGEST_MICROS = Duration.ofDays(365).toNanos() / 1000;

    /**
     * The environment of a process that becomes the main one.
     *
     * @param environment that of a process which the service manager may have started, or any other
     *     program
     */
    public static Map<String, String> ofMain(Map<String, String> environment, int pid) {
        String own = Integer.toString(pid);
        Map<String, String> all = new HashMap<>(environment);
        if (isSet(environment, SOCKET)) {
            if (!environment.getOrDefault(MAIN_PID, own).equals(own)) {
                // It is for another process, which left it in the environment.
                all.remove(WATCHDOG);
            }
            all.put(MAIN_PID, own);
        } else {
            all.keySet().removeAll(VARIABLES);
        }
        return all;
    }

    /** The environment for a monitor whose main process had an earlier version. */
    public static Map<String, String> ofRenewed(Map<String, String> environment, int pid) {
        Map<String, String> all = new HashMap<>(environment);
        all.remove(MAIN_PID);
        return ofMain(all, pid);
    }

    /** Those of the variables that there are. */
    public static Map<String, String> in(Map<String, String> environment) {
        Map<String, String> own = new HashMap<>(environment);
        own.keySet().retainAll(VARIABLES);
        return own;
    }

    /**
     * Empty if no service manager listens; nonsensical values are logged.
     *
     * @param pid this process, which is the main one by default
     */
    static Optional<NotifySettings> of(Map<String, String> environment, int pid) {
        if (!isSet(environment, SOCKET)) {
            return Optional.empty();
        }
        String socket = environment.getOrDefault(SOCKET, "");
        if (socket.length() < 2 || !(socket.startsWith("/") || socket.startsWith("@"))) {
            LOG.atWarn()
                    .addKeyValue("variable", SOCKET)
                    .addKeyValue("value", socket)
                    .addKeyValue("reason", "neither a path nor an abstract name")
                    .log("cannot notify the service manager");
            return Optional.empty();
        }
        OptionalLong main = number(environment, MAIN_PID, Integer.MAX_VALUE);
        return Optional.of(
                new NotifySettings(socket, watchdog(environment), (int) main.orElse(pid)));
    }

    private static Optional<Duration> watchdog(Map<String, String> environment) {
        OptionalLong micros = number(environment, WATCHDOG, LONGEST_MICROS);
        return micros.isPresent()
                ? Optional.of(Duration.ofNanos(micros.getAsLong() * 1000))
                : Optional.empty();
    }

    private static OptionalLong number(Map<String, String> environment, String name, long most) {
        if (!isSet(environment, name)) {
            return OptionalLong.empty();
        }
        String text = environment.getOrDefault(name, "");
        try {
            long number = Long.parseLong(text);
            if (number > 0 && number <= most) {
                return OptionalLong.of(number);
            }
        } catch (NumberFormatException _) {
            // Reported below.
        }
        LOG.atWarn()
                .addKeyValue("variable", name)
                .addKeyValue("value", text)
                .addKeyValue("reason", "not a number from 1 to " + most)
                .log("ignoring a variable");
        return OptionalLong.empty();
    }

    private static boolean isSet(Map<String, String> environment, String name) {
        return !environment.getOrDefault(name, "").isEmpty();
    }
}
