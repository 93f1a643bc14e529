package org.procmon.pool.listen;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The units of systemd that pass sockets to services. Any thread; reads files. Source:
 * systemd.socket(5), {@code FileDescriptorName}; systemd.unit(5).
 *
 * @param folders where units are
 */
record SocketUnits(List<Path> folders) {
    static final SocketUnits OF_THIS_MACHINE =
            new SocketUnits(
                    List.of(
                            Path.of("/etc/systemd/system"),
                            Path.of("/run/systemd/system"),
                            Path.of("/usr/local/lib/systemd/system"),
                            Path.of("/usr/lib/systemd/system"),
                            Path.of("/etc/systemd/user"),
                            Path.of("/usr/lib/systemd/user")));

    private static final String NAMES = "LISTEN_FDNAMES";
    private static final String KEY = "FileDescriptorName";
    private static final String SUFFIX = ".socket";

    /**
     * Says that no socket of a name is passed to the monitor; empty if one is, as far as can be
     * seen.
     *
     * @param environment of the monitor, or of a command of the service that starts it
     */
    Optional<String> havingNone(String name, Map<String, String> environment) {
        List<String> passed = Arrays.asList(environment.getOrDefault(NAMES, "").split(":", -1));
        return passed.contains(name) || folders.stream().anyMatch(folder -> has(folder, name))
                ? Optional.empty()
                : Optional.of(
                        "no unit of systemd passes a socket with this name: '%s' needs %s=%s%s"
                                .formatted(
                                        name,
                                        KEY,
                                        name,
                                        name.endsWith(SUFFIX)
                                                ? ", or is the name of the unit"
                                                : ""));
    }

    private static boolean has(Path folder, String name) {
        try (DirectoryStream<Path> units = Files.newDirectoryStream(folder, "*.socket{,.d}")) {
            for (Path unit : units) {
                boolean isNamed =
                        unit.endsWith(name) && name.endsWith(SUFFIX) && Files.isRegularFile(unit);
                if (isNamed || sets(unit, name)) {
                    return true;
                }
            }
        } catch (IOException _) {
            // There are no units here.
        }
        return false;
    }

    private static boolean sets(Path unit, String name) throws IOException {
        if (!Files.isDirectory(unit)) {
            return isSet(unit, name);
        }
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(unit, "*.conf")) {
            for (Path part : parts) {
                if (isSet(part, name)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isSet(Path file, String name) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.replaceFirst("\\s*=\\s*", "=").strip())
                    .anyMatch((KEY + "=" + name)::equals);
        } catch (IOException _) {
            return false;
        }
    }
}
