package org.procmon.importing.systemd;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.procmon.importing.draft.ImportContext;
import org.procmon.importing.draft.ImportWarnings;
import org.procmon.importing.draft.LogFiles;
import org.procmon.importing.draft.ProcessDraft;
import org.procmon.importing.draft.Setting;

/**
 * The standard streams of a systemd service.
 *
 * <p>Source: systemd.exec(5), "Logging and Standard Input/Output".
 */
final class ServiceOutput {
    private static final String SECTION = "Service";
    private static final String NULL = "null";

    private final LoadedUnit unit;
    private final LogFiles files;
    private final ImportWarnings importWarnings;

    ServiceOutput(LoadedUnit unit, ImportContext importContext) {
        this.unit = unit;
        this.files = importContext.files();
        this.importWarnings = importContext.notes();
    }

    static boolean reads(String key) {
        return switch (key) {
            case "StandardInput", "StandardOutput", "StandardError" -> true;
            default -> false;
        };
    }

    void put(ProcessDraft processDraft) {
        input(processDraft);
        Object stdout = output(unit.last(SECTION, "StandardOutput"), "");
        if (stdout != null) {
            processDraft.put("stdout", stdout);
        }
        Setting error = unit.last(SECTION, "StandardError");
        if (error == null || error.value().equals("inherit")) {
            // stderr follows stdout; but streams that go to the journal need not share a file.
            if (stdout != null) {
                processDraft.put("stderr", "stdout");
            }
            return;
        }
        Object stderr = output(error, stdout instanceof Map<?, ?> map ? file(map) : "");
        if (stderr != null) {
            processDraft.put("stderr", stderr);
        }
    }

    private void input(ProcessDraft processDraft) {
        Setting setting = unit.last(SECTION, "StandardInput");
        String value =
                setting == null
                        ? NULL
                        : unit.name().expand(setting, setting.value(), importWarnings);
        if (setting == null || value.equals(NULL)) {
            return;
        }
        String file = value.startsWith("file:") ? value.substring(5) : "";
        if (file.startsWith("/")) {
            processDraft.put("stdin", file);
        } else {
            importWarnings.none(setting, "the input is /dev/null");
        }
    }

    private static String file(Map<?, ?> captured) {
        return String.valueOf(captured.get("file"));
    }

    /**
     * A key of the output; null for the default.
     *
     * @param shared the file that the other stream goes to; empty if it has none
     */
    private @Nullable Object output(@Nullable Setting setting, String shared) {
        if (setting == null) {
            return null;
        }
        String value = unit.name().expand(setting, setting.value(), importWarnings);
        int colon = value.indexOf(':');
        String file = value.substring(colon + 1);
        switch (colon < 0 ? value : value.substring(0, colon + 1)) {
            case "journal", "syslog" -> {}
            case NULL -> {
                return NULL;
            }
            case "inherit" -> {
                // The output follows the input, which is /dev/null unless a unit sets another.
                if (unit.last(SECTION, "StandardInput") != null) {
                    importWarnings.none(setting, "output does not go where the input comes from");
                }
                return NULL;
            }
            case "file:", "append:", "truncate:" -> {
                if (!value.startsWith("append:")) {
                    String instead =
                            value.startsWith("file:")
                                    ? "output is added at the file's end, not written over it"
                                    : "the file is not emptied first";
                    importWarnings.none(setting, instead);
                }
                if (file.equals(shared) && !file.isEmpty()) {
                    return "stdout";
                }
                if (file.startsWith("/") && files.take(setting, file)) {
                    // systemd never rotates it; a program that does so now can continue.
                    Map<String, Object> captured = new LinkedHashMap<>();
                    captured.put("file", file);
                    captured.put("max_size", 0);
                    return captured;
                }
            }
            default -> importWarnings.none(setting, "output goes to a file instead");
        }
        return null;
    }
}
