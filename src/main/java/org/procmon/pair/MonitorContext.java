package org.procmon.pair;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.procmon.bytes.BytePath;
import org.procmon.cli.RunOptions;
import org.procmon.control.protocol.SocketLocation;
import org.procmon.log.LogFormat;
import org.procmon.systemd.NotifySettings;

/**
 * The surroundings of a monitor: the same for the primary, its backup and their successors.
 *
 * @param file the configuration, as it was named
 * @param state the state directory
 * @param uid the user that the monitor runs as
 * @param options the options of the command line
 * @param environment this process's own
 */
public record MonitorContext(
        Path file, Path state, int uid, RunOptions options, Map<String, String> environment) {
    /** The directory for fifos, in the state directory. */
    public static final String FIFOS = "fifo";

    /** The directory for the markers of started runs, in the state directory. */
    public static final String START_MARKERS = "started";

    private static final String PROGRAM = "procmon.program";
    private static final Path ROOT_LOGS = Path.of("/var/log/procmon");
    private static final Path ROOT_PERMANENT = Path.of("/var/lib/procmon");

    public static MonitorContext of(
            Path file, RunOptions options, Map<String, String> environment, int uid) {
        Path state = SocketLocation.stateFolder(options.stateDir(), environment, uid);
        return new MonitorContext(file, BytePath.absolute(state), uid, options, environment);
    }

    public Path socket() {
        return state.resolve(SocketLocation.SOCKET);
    }

    /**
     * The directory for the children's output, unless the configuration names another: the user's
     * usual one, or one in the state directory where there is none.
     */
    public Path logs() {
        Map<String, String> unnamed = new HashMap<>(environment);
        unnamed.remove(SocketLocation.VARIABLE);
        Path usual = SocketLocation.stateFolder(Optional.empty(), unnamed, uid);
        if (!state.equals(usual.toAbsolutePath())) {
            return state.resolve("log");
        }
        if (uid == 0) {
            return ROOT_LOGS;
        }
        return folder("XDG_STATE_HOME", "procmon")
                .or(() -> folder("HOME", ".local/state/procmon"))
                .orElseGet(() -> state.resolve("log"));
    }

    /** A directory of this user below one that a variable names; empty if there can be none. */
    private Optional<Path> folder(String variable, String below) {
        return Optional.of(BytePath.of(environment.getOrDefault(variable, "")))
                .filter(Path::isAbsolute)
                .map(folder -> folder.resolve(below))
                .filter(this::isOwn);
    }

    /**
     * Whether the existing part of a path belongs to this user. So two users without an account and
     * a home, to whom a container gives the same one, never share a directory, and none is made
     * where another user could put a link instead.
     */
    private boolean isOwn(Path path) {
        for (Path at = path; at != null; at = at.getParent()) {
            try {
                return Files.getAttribute(at, "unix:uid").equals(uid)
                        && (!at.equals(path) || Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS));
            } catch (NoSuchFileException _) {
                // To be made.
            } catch (IOException _) {
                return false;
            }
        }
        return false;
    }

    /** The directory for what survives a boot. */
    public Path permanent() {
        Path logs = logs();
        return logs.equals(ROOT_LOGS)
                ? ROOT_PERMANENT
                : logs.equals(state.resolve("log")) ? state : logs;
    }

    /** For programs that this monitor starts: they find it by its state directory. */
    public Map<String, String> childEnvironment() {
        Map<String, String> all = new HashMap<>(environment);
        all.put(SocketLocation.VARIABLE, BytePath.text(state));
        // Those belong to the monitor itself, from the program that started it.
        all.keySet().removeAll(NotifySettings.VARIABLES);
        all.keySet().removeAll(ListenerStore.VARIABLES);
        return all;
    }

    /** For a further monitor, which notifies the same service manager. */
    Map<String, String> monitorEnvironment() {
        Map<String, String> all = childEnvironment();
        all.putAll(NotifySettings.in(environment));
        return all;
    }

    /** The program that a further monitor executes, which may be newer than this one. */
    Path program() {
        return BytePath.absolute(Path.of(System.getProperty(PROGRAM, "procmon")));
    }

    /** A command line for a further monitor with the same files. */
    List<String> command(String... more) {
        List<String> words = new ArrayList<>();
        words.add(BytePath.text(program()));
        words.add("run");
        words.addAll(List.of(more));
        if (options.role() == RunOptions.Role.ALONE) {
            words.add("--no-backup");
        }
        if (options.verbose()) {
            words.add("-v");
        }
        if (options.logFormat() != LogFormat.TEXT) {
            words.addAll(List.of("--log-format", options.logFormat().word()));
        }
        words.add("--state-dir");
        words.add(BytePath.text(state));
        words.add("--");
        words.add(BytePath.text(BytePath.absolute(file)));
        return words;
    }
}
