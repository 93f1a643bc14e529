package org.procmon.importing.systemd;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The drop-in files of a unit, such as {@code web.service.d/10-limits.conf}.
 *
 * <p>Source: systemd.unit(5), "Description": the files of all directories in the order of their
 * names; of several with the same name, the file in the first directory.
 */
final class DropIns {
    private static final List<Path> SYSTEM =
            List.of(
                    Path.of("/etc/systemd/system"),
                    Path.of("/run/systemd/system"),
                    Path.of("/usr/local/lib/systemd/system"),
                    Path.of("/usr/lib/systemd/system"),
                    Path.of("/lib/systemd/system"));

    private DropIns() {}

    static List<Path> of(UnitName unit) {
        Path folder = unit.file().getParent();
        if (folder == null) {
            return List.of();
        }
        List<Path> places = SYSTEM.contains(folder) ? SYSTEM : List.of(folder);
        Map<String, Path> byName = new TreeMap<>();
        for (String name : names(unit)) {
            for (Path place : places) {
                for (Path file : files(place.resolve(name + ".d"))) {
                    byName.putIfAbsent(String.valueOf(file.getFileName()), file);
                }
            }
        }
        List<Path> files = new ArrayList<>();
        for (Path file : byName.values()) {
            if (!isMask(file)) {
                files.add(file);
            }
        }
        return files;
    }

    /** The names of the drop-in directories, the most specific one first. */
    private static List<String> names(UnitName unit) {
        List<String> names = new ArrayList<>();
        names.add(unit.full());
        if (!unit.template().isEmpty()) {
            names.add(unit.template());
        }
        String kind = unit.full().substring(unit.bare().length());
        String prefix = unit.prefix();
        for (int dash = prefix.lastIndexOf('-');
                dash > 0;
                dash = prefix.lastIndexOf('-', dash - 1)) {
            names.add(prefix.substring(0, dash + 1) + kind);
        }
        names.add(kind.substring(Math.min(1, kind.length())));
        return names;
    }

    private static List<Path> files(Path folder) {
        List<Path> files = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "*.conf")) {
                entries.forEach(files::add);
            } catch (IOException | DirectoryIteratorException _) {
                // An unreadable directory counts as empty.
            }
        }
        return files;
    }

    /** A link to /dev/null masks a file that comes with a package. */
    private static boolean isMask(Path file) {
        try {
            return file.toRealPath().equals(Path.of("/dev/null"));
        } catch (IOException _) {
            return false;
        }
    }
}
