package org.procmon.control.protocol;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.procmon.bytes.BytePath;

/** Where a monitor keeps its state, and where its socket is. */
public final class SocketLocation {
    /** The variable that names the state folder. */
    public static final String VARIABLE = "PROCMON_STATE_DIR";

    /** The socket's name in the state folder. */
    public static final String SOCKET = "control.sock";

    private static final Path ROOT_FOLDER = Path.of("/run/procmon");

    private SocketLocation() {}

    /**
     * The state folder of a monitor: the one that was asked for, else the one of the environment,
     * else the user's default.
     *
     * @param asked what {@code --state-dir} says
     */
    public static Path stateFolder(Optional<Path> asked, Map<String, String> environment, int uid) {
        String named = environment.getOrDefault(VARIABLE, "");
        if (asked.isPresent() || !named.isEmpty()) {
            return asked.orElseGet(() -> BytePath.named(named));
        }
        if (uid == 0) {
            return ROOT_FOLDER;
        }
        String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
        // What is not absolute is not to be used, says the XDG Base Directory Specification.
        return runtime.startsWith("/")
                ? BytePath.of(runtime).resolve("procmon")
                : Path.of("/tmp/procmon-" + Integer.toUnsignedString(uid));
    }

    /**
     * The socket that a client should try: the one in its own state folder. A user without a
     * monitor of its own means root's, unless a folder was named.
     */
    public static Path socket(Optional<Path> asked, Map<String, String> environment, int uid) {
        Path own = stateFolder(asked, environment, uid).resolve(SOCKET);
        boolean named = asked.isPresent() || !environment.getOrDefault(VARIABLE, "").isEmpty();
        if (named || uid == 0 || (isOf(uid, own.getParent()) && Files.exists(own))) {
            return own;
        }
        return ROOT_FOLDER.resolve(SOCKET);
    }

    /** Anybody may have made a folder of that name below /tmp, and may listen there. */
    private static boolean isOf(int uid, @Nullable Path folder) {
        try {
            return folder != null
                    && Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                            .equals(uid);
        } catch (IOException _) {
            return false;
        }
    }

    /** The user that this program runs as. */
    public static int ownUid() {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot find out the user: /proc is not mounted", e);
        }
    }
}
