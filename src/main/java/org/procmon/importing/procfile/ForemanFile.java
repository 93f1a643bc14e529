package org.procmon.importing.procfile;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.StringTokenizer;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportWarnings;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SettingValues;
import org.procmon.importing.draft.SourceFile;

/**
 * The file {@code .foreman} next to a Procfile: the number of processes of each entry, and the
 * first port.
 *
 * <p>Source: foreman(1), "DEFAULT OPTIONS".
 */
final class ForemanFile {
    private static final int MOST = 1000;
    private static final int LAST_PORT = 65_535;
    private static final int UNSAID = -1;
    private static final String ALL = "all";

    private final Map<String, Integer> counts = new HashMap<>();
    private final ImportWarnings importWarnings;
    private int port = UNSAID;

    private ForemanFile(ImportWarnings importWarnings) {
        this.importWarnings = importWarnings;
    }

    static ForemanFile of(Path procfile, ImportWarnings importWarnings) throws ImportAborted {
        ForemanFile foremanFile = new ForemanFile(importWarnings);
        Path path = procfile.resolveSibling(".foreman");
        if (Files.exists(path)) {
            SourceFile file = SourceFile.read(path);
            for (int i = 0; i < file.lines().size(); i++) {
                String line = file.lines().get(i).strip();
                int colon = line.indexOf(':');
                if (colon > 0 && !line.startsWith("#")) {
                    String value = line.substring(colon + 1).strip().replaceAll("[\"']", "");
                    String key = line.substring(0, colon).strip();
                    foremanFile.read(new Setting(file.spot(i), "", key, value));
                }
            }
        }
        return foremanFile;
    }

    private void read(Setting setting) throws ImportAborted {
        switch (setting.key()) {
            case "port" -> port = SettingValues.whole(setting, 0, LAST_PORT);
            case "concurrency", "formation" -> {
                StringTokenizer parts = new StringTokenizer(setting.value(), ", ");
                while (parts.hasMoreTokens()) {
                    String part = parts.nextToken();
                    int equals = part.indexOf('=');
                    String count = part.substring(equals + 1);
                    counts.put(
                            part.substring(0, Math.max(0, equals)),
                            SettingValues.whole(
                                    new Setting(setting.spot(), "", setting.key(), count),
                                    0,
                                    MOST));
                }
            }
            case "timeout" ->
                    importWarnings.none(setting, "'stop' has the time that a process may take");
            default -> importWarnings.none(setting, "an option of foreman itself");
        }
    }

    /** The first port, or the given default if the file has none. */
    int port(int otherwise) {
        return port == UNSAID ? otherwise : port;
    }

    /** The number of processes of an entry. */
    int count(String entry) {
        return counts.getOrDefault(entry, counts.getOrDefault(ALL, 1));
    }
}
