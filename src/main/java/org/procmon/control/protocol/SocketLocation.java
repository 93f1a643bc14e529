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

/** The places of a monitor's state directory and socket. */
public final class SocketLocation {
    /** The variable that names the state directory. */
    public static final String VARIABLE = "PROCMON_STATE_DIR";

    /** The socket's name in the state directory. */
    public static final String SOCKET = "control.sock";

    private static final Path ROOT_FOLDER = Path.of("/run/procmon");

    private SocketLocation() {}

    /**
     * The state directory of a monitor: the requested one, else the one of the environment, else
     * the user's default.
     *
     * @param asked the value of {@code --state-dir}
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
        // The XDG Base Directory Specification requires an absolute path, and ignores any other.
        return runtime.startsWith("/")
                ? BytePath.of(runtime).resolve("procmon")
                : Path.of("/tmp/procmon-" + Integer.toUnsignedString(uid));
    }

    /**
     * The socket that a client should try: the one in its own state directory. A user without a
     * monitor of their own gets root's, unless a directory was named.
     */
    public static Path socket(Optional<Path> asked, Map<String, String> environment, int uid) {
        Path own = stateFolder(asked, environment, uid).resolve(SOCKET);
        boolean named = asked.isPresent() || !environment.getOrDefault(VARIABLE, "").isEmpty();
        if (named || uid == 0 || (isOf(uid, own.getParent()) && Files.exists(own))) {
            return own;
        }
        return ROOT_FOLDER.resolve(SOCKET);
    }

    /** Any user can create a directory of that name below /tmp, and listen there. */
    private static boolean isOf(int uid, @Nullable Path folder) {
        try {
            return folder != null
                    && Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                            .equals(uid);
        } catch (IOException _) {
            return false;
        }
    }

    /** The user id of this program. */
    public static int ownUid() {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot find out the user: /proc is not mounted", e);
        }
    }
}
