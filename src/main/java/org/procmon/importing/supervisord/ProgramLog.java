package org.procmon.importing.supervisord;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportContext;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SettingValues;

/** Where supervisord writes the output of a process. */
final class ProgramLog {
    private static final int LEAST_SIZE = 1000;
    private static final int MOST_KEPT = 1000;

    private final ProgramSettings settings;
    private final SupervisordSection own;
    private final ImportContext importContext;
    private final Map<String, String> names;
    private String stdoutFile = "";

    ProgramLog(
            ProgramSettings settings,
            SupervisordSection own,
            ImportContext importContext,
            Map<String, String> names) {
        this.settings = settings;
        this.own = own;
        this.importContext = importContext;
        this.names = names;
    }

    static boolean reads(String key) {
        return switch (key) {
            case "stdout_logfile",
                    "stdout_logfile_maxbytes",
                    "stdout_logfile_backups",
                    "stderr_logfile",
                    "stderr_logfile_maxbytes",
                    "stderr_logfile_backups" ->
                    true;
            default -> false;
        };
    }

    /** The key {@code stdout} or {@code stderr}, in this order; null for the default. */
    @Nullable Object of(String stream) throws ImportAborted {
        Setting setting = settings.raw(stream + "_logfile");
        String path = setting == null ? "" : own.settled(setting, names);
        Map<String, Object> captured = new LinkedHashMap<>();
        if (setting != null) {
            switch (path.toLowerCase(Locale.ROOT)) {
                case "none", "off", "/dev/null" -> {
                    return "null";
                }
                case "/dev/stdout", "/dev/fd/1", "/dev/stderr", "/dev/fd/2" -> {
                    boolean out = path.endsWith("stdout") || path.endsWith("1");
                    if (out != stream.equals("stdout")) {
                        importContext
                                .notes()
                                .none(setting, "it goes to " + stream + " of the monitor");
                    }
                    return "inherit";
                }
                case "auto", "" -> {}
                case "syslog" ->
                        importContext.notes().none(setting, "output goes to a file instead");
                default -> {
                    String file = own.path(setting, names);
                    if (stream.equals("stderr") && file.equals(stdoutFile)) {
                        return "stdout";
                    }
                    if (importContext.files().take(setting, file)) {
                        captured.put("file", file);
                        stdoutFile = file;
                    }
                }
            }
        }
        if (captured.containsKey("file")) {
            // supervisord's defaults, for a file that the user chose.
            captured.put("max_size", "50MiB");
            captured.put("keep", 10);
        }
        size(captured, settings.of(stream + "_logfile_maxbytes", names));
        keep(captured, settings.of(stream + "_logfile_backups", names));
        return captured.isEmpty() ? null : captured;
    }

    /** A number of bytes; KB, MB and GB are powers of 1024 to supervisord. */
    private void size(Map<String, Object> captured, @Nullable Setting setting)
            throws ImportAborted {
        if (setting == null) {
            return;
        }
        String text = setting.value().strip().toLowerCase(Locale.ROOT);
        int digits = text.length();
        while (digits > 0 && !Character.isDigit(text.charAt(digits - 1))) {
            digits--;
        }
        String number = text.substring(0, digits).strip();
        String unit =
                switch (text.substring(digits).strip()) {
                    case "" -> "";
                    case "kb" -> "KiB";
                    case "mb" -> "MiB";
                    case "gb" -> "GiB";
                    default -> throw SettingValues.bad(setting, "a size such as 50MB");
                };
        if (!SettingValues.isDigits(number) || number.length() > 6 + (unit.isEmpty() ? 3 : 0)) {
            throw SettingValues.bad(setting, "a size such as 50MB");
        }
        int count = Integer.parseInt(number);
        if (count == 0 || !unit.isEmpty()) {
            captured.put("max_size", count == 0 ? (Object) 0 : count + unit);
            return;
        }
        if (count < LEAST_SIZE) {
            importContext.notes().none(setting, "a file has at least " + LEAST_SIZE + " bytes");
        }
        captured.put("max_size", Math.max(count, LEAST_SIZE));
    }

    private void keep(Map<String, Object> captured, @Nullable Setting setting)
            throws ImportAborted {
        if (setting != null) {
            int count = SettingValues.whole(setting, 0, Integer.MAX_VALUE);
            if (count > MOST_KEPT) {
                importContext.notes().none(setting, "at most " + MOST_KEPT + " files are kept");
            }
            captured.put("keep", Math.min(count, MOST_KEPT));
        }
    }
}
